using Microsoft.AspNetCore.Http.HttpResults;
using SchoolHome.People;
using SchoolHome.Web.Edge;

namespace SchoolHome.Web.People;

/// <summary>Redeeming slips: open to anybody who has one.</summary>
internal static class JoinEndpoints
{
    public static IEndpointRouteBuilder MapJoin(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/join").WithTags("Join").RequireRateLimiting(Limits.SignIn);
        group.MapPost("/check", Check).WithName("CheckSlip");
        group.MapPost("", Join).WithName("JoinBySlip");
        return routes;
    }

    /// <summary>What a slip opens. A wrong code and wrong digits are told alike; five wrong digits end the slip.</summary>
    private static async Task<Results<Ok<JoinCheckView>, ProblemHttpResult>> Check(JoinCheckCommand command, HttpContext context, Joining joining)
    {
        var answer = await joining.Check(command.Code, command.PhoneTail, context.User.AccountOrNobody());
        return answer.Refusal is { } refusal ? Problems.Of(refusal, context) : TypedResults.Ok(answer.Value!);
    }

    /// <summary>Redeems a slip: opens an account, adds the child to one, or sets a forgotten password anew. Signs in.</summary>
    private static async Task<Results<Ok<JoinedView>, ProblemHttpResult>> Join(
        JoinCommand command, HttpContext context, Joining joining, Devices devices, AccountStore accounts, SessionViews sessions)
    {
        var answer = await joining.Join(command, context.OperationId(), context.User.AccountOrNobody(), account => devices.From(context, account));
        if (answer.Refusal is { } refusal)
            return SessionEndpoints.Refused(refusal, context);

        var joined = answer.Value!;
        if (context.User.AccountOrNobody() != joined.Account || command.As != JoinAs.Account)
            await SignIn.Begin(context, (await accounts.Find(joined.Account))!);

        return TypedResults.Ok(new JoinedView(await sessions.Of(context), joined.SignInName));
    }
}

/// <param name="Code">The code on the slip; case, spaces and dashes do not count.</param>
/// <param name="PhoneTail">The last four digits of the guardian's phone.</param>
internal sealed record JoinCheckCommand(string Code, string PhoneTail);

/// <param name="School">The school's name.</param>
/// <param name="ClassName">E.g. 三年级2班; empty when the child is in none.</param>
/// <param name="Student">The child's name.</param>
/// <param name="Guardian">The guardian's name.</param>
/// <param name="Relation">What they are to the child.</param>
/// <param name="Kind">What can be done with it.</param>
/// <param name="Phone">The guardian's phone as far as it helps to recognize it, e.g. <c>199****0001</c>.</param>
/// <param name="Account">Of <c>add</c>: whose account is signed in. Of <c>recover</c>: by what the account signs in, as far as it helps to recognize it. Else null.</param>
internal sealed record JoinCheckView(string School, string ClassName, string Student, string Guardian, Relation Relation, JoinKind Kind, string Phone, string? Account);

/// <summary>What can be done with a slip.</summary>
internal enum JoinKind
{
    /// <summary>Open an account.</summary>
    New,
    /// <summary>Add the child to the account that is signed in.</summary>
    Add,
    /// <summary>The phone signs in an account already: sign in to it and add the child if that is you, else open one under another phone or a number.</summary>
    Taken,
    /// <summary>The guardian has an account: set a new password.</summary>
    Recover,
}

/// <param name="Code">The code on the slip.</param>
/// <param name="PhoneTail">The last four digits of the guardian's phone.</param>
/// <param name="As">As whom to join.</param>
/// <param name="Phone">Of <c>otherPhone</c>: the phone to sign in with. Of <c>account</c> when nobody is signed in: what the account signs in with, if it is not the guardian's phone.</param>
/// <param name="Password">The password of the new account, or the new one; of <c>account</c> when nobody is signed in, the account's own.</param>
internal sealed record JoinCommand(string Code, string PhoneTail, JoinAs As, string? Phone, string? Password);

/// <summary>As whom somebody joins.</summary>
internal enum JoinAs
{
    /// <summary>As the account that is signed in, or whose password is given.</summary>
    Account,
    /// <summary>With a new account under the guardian's phone.</summary>
    Phone,
    /// <summary>With a new account under another phone.</summary>
    OtherPhone,
    /// <summary>With a new account under a number that we make up.</summary>
    Number,
}

/// <param name="Session">Who is signed in now.</param>
/// <param name="SignInName">By what they sign in from now on.</param>
internal sealed record JoinedView(SessionView Session, string SignInName);
