using SchoolHome.People;
using SchoolHome.Web.Edge;

namespace SchoolHome.Web.People;

/// <summary>
/// Who gets in where: filters that sit on groups of endpoints, so that a new endpoint inherits them. Each of them finds in the route what it is asked about, and throws where it finds nothing:
/// absence must never authorize. What is somebody else's is 404. The filter that lets a command in also says who changes, for the record (<see cref="By"/>).
/// </summary>
internal static class Access
{
    /// <summary>The school's administrators.</summary>
    public static TBuilder ForAdministrators<TBuilder>(this TBuilder endpoints)
        where TBuilder : IEndpointConventionBuilder
        => endpoints.Only(async (context, rights, account) =>
            SchoolId.TryCreate(Named(context, "school"), out var school) && await rights.OfficesIn(school, account) is { IsAdministrator: true } office
                ? new ChangedBy(account, office.Name, ChangeCapacity.Administrator, null)
                : null);

    /// <summary>Every office of the school, for reading.</summary>
    public static TBuilder ForOffices<TBuilder>(this TBuilder endpoints)
        where TBuilder : IEndpointConventionBuilder
        => endpoints.Only(async (context, rights, account) =>
        {
            if (!SchoolId.TryCreate(Named(context, "school"), out var school) || await rights.OfficesIn(school, account) is not { ReadsPeople: true } office)
                return null;

            // Reading is all that this lets in; a command that came to stand here would have nobody to name.
            if (!HttpMethods.IsGet(context.Request.Method))
                throw new InvalidOperationException("Offices that are no administrators change nothing.");
            context.Items[OfficesKey] = office;
            return new ChangedBy(account, office.Name, ChangeCapacity.Administrator, null);
        });

    /// <summary>The class teacher and the counsellors of the class, and the school's administrators.</summary>
    public static TBuilder ForThoseInCharge<TBuilder>(this TBuilder endpoints)
        where TBuilder : IEndpointConventionBuilder
        => endpoints.Only((context, rights, account) =>
            ClassId.TryCreate(Named(context, "school"), Named(context, "class"), out var @class) ? InCharge(@class, rights, account) : Task.FromResult<ChangedBy?>(null));

    /// <summary>The class teacher and the counsellors of the child's class, and the school's administrators.</summary>
    public static TBuilder ForThoseInChargeOfTheChild<TBuilder>(this TBuilder endpoints)
        where TBuilder : IEndpointConventionBuilder
        => endpoints.Only(async (context, rights, account) =>
            StudentId.TryCreate(Named(context, "school"), Named(context, "student"), out var student)
            && await context.RequestServices.GetRequiredService<IGrainFactory>().GetGrain<IStudentGrain>(student.ToString()).Profile() is { Class: { } @class }
                ? await InCharge(@class, rights, account)
                : null);

    /// <summary>The district's administrators.</summary>
    public static TBuilder ForDistrictAdministrators<TBuilder>(this TBuilder endpoints)
        where TBuilder : IEndpointConventionBuilder
        => endpoints.Only(async (_, rights, account) =>
            await rights.DistrictAdministrator(account) is { } administrator ? new ChangedBy(account, administrator.Name, ChangeCapacity.District, null) : null);

    /// <summary>Who makes this change, as the filter that let them in has found. Throws where none has.</summary>
    public static ChangedBy By(this HttpContext context) =>
        context.Items.TryGetValue(ByKey, out var by) ? (ChangedBy)by! : throw new InvalidOperationException("Nobody was let in to change this.");

    /// <summary>Whether a reader of people is an administrator, who sees phone numbers and why custody is restricted.</summary>
    public static bool SeesAll(this HttpContext context) =>
        context.Items.TryGetValue(OfficesKey, out var offices) ? ((SchoolOffices)offices!).IsAdministrator : throw new InvalidOperationException("Nobody was let in to read this.");

    private static readonly object ByKey = new();
    private static readonly object OfficesKey = new();

    private static async Task<ChangedBy?> InCharge(ClassId @class, Rights rights, AccountId account)
    {
        if (await rights.OfficesIn(@class.SchoolId, account) is { IsAdministrator: true } office)
            return new ChangedBy(account, office.Name, ChangeCapacity.Administrator, null);

        return await rights.InChargeOf(@class, account) is { } name ? new ChangedBy(account, name, ChangeCapacity.ClassTeacher, null) : null;
    }

    private static string Named(HttpContext context, string parameter) =>
        context.GetRouteValue(parameter) as string ?? throw new InvalidOperationException($"The route names no {parameter}.");

    private static TBuilder Only<TBuilder>(this TBuilder endpoints, Func<HttpContext, Rights, AccountId, Task<ChangedBy?>> who)
        where TBuilder : IEndpointConventionBuilder
    {
        endpoints.RequireAuthorization();
        return endpoints.AddEndpointFilter(async (invocation, next) =>
        {
            var context = invocation.HttpContext;
            // A program comes here only where an endpoint is marked for it, with the scope that it has; it does so for the administrator who made its token, in its own school and no other.
            var program = context.User.Program();
            var account = program?.MadeBy ?? context.User.Account();
            if ((program is not null && program.School.School != Named(context, "school"))
                || await who(context, context.RequestServices.GetRequiredService<Rights>(), account) is not { } by)
                return Problems.Missing(context);
            if (program is not null)
                by = new ChangedBy(account, program.Name, ChangeCapacity.Program, null);

            context.Items[ByKey] = by;
            return await next(invocation);
        });
    }
}
