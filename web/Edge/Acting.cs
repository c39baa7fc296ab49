using SchoolHome.Web.People;

namespace SchoolHome.Web.Edge;

/// <summary>
/// As whom a browser acts: which account it believes to be signed in, and in which of that account's roles. Tabs share one session, so that a command that waited in one tab could otherwise be taken as that of whoever has
/// signed in since in another.
/// </summary>
internal static class Acting
{
    /// <summary>The account that the sender believes to be signed in; optional.</summary>
    public const string AccountHeader = "Account";

    /// <summary><c>family</c> where somebody who is both acts as guardian or child, not as teacher; optional. The hub has it as <c>/live?as=family</c>.</summary>
    public const string RoleHeader = "Acting-As";

    private const string Family = "family";

    public static bool ActsAsFamily(this HttpContext context) => context.Request.Headers[RoleHeader] == Family || context.Request.Query["as"] == Family;

    /// <summary>Refuses what was meant to be somebody else's (<c>other-account</c>). Sits on the group, so that a new endpoint inherits it.</summary>
    public static TBuilder KeepToTheirAccount<TBuilder>(this TBuilder endpoints)
        where TBuilder : IEndpointConventionBuilder
        => endpoints.AddEndpointFilter(async (invocation, next) =>
        {
            var context = invocation.HttpContext;
            var meant = context.Request.Headers[AccountHeader].ToString();
            return meant.Length == 0 || context.User.AccountOrNobody() is not { } account || account.Opaque == meant
                ? await next(invocation)
                : Problems.Make(StatusCodes.Status409Conflict, "other-account", context);
        });
}
