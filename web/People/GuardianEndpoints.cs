using System.Collections.Immutable;
using Microsoft.AspNetCore.Http.HttpResults;
using SchoolHome.People;
using SchoolHome.Web.Edge;

namespace SchoolHome.Web.People;

/// <summary>A child's guardians: who they are, in which order they are contacted, and what keeps one of them from the child.</summary>
internal static class GuardianEndpoints
{
    public static void Map(IEndpointRouteBuilder administration)
    {
        var student = administration.MapGroup("/students/{student}");
        student.MapPost("/guardians", Add).WithName("AddGuardian");
        student.MapPut("/guardians/{entry}", Correct).WithName("CorrectGuardian");
        student.MapPut("/guardian-order", Order).WithName("OrderGuardians");
        student.MapPost("/guardians/{entry}/remove", Remove).WithName("RemoveGuardian");
        student.MapPost("/guardians/{entry}/restrict", Restrict).WithName("RestrictGuardian");
        student.MapPost("/guardians/{entry}/end-access", EndAccess).WithName("EndGuardianAccess");
    }

    private static async Task<Results<Ok<GuardianAdded>, ProblemHttpResult>> Add(string school, string student, GuardianCommand command, HttpContext context, IGrainFactory actors)
    {
        if (!StudentId.TryCreate(school, student, out var id))
            return Problems.Missing(context);

        var fields = new Fields();
        var details = Check(command, fields);
        if (fields.AreWrong)
            return fields.Problem(context);

        var added = await actors.GetGrain<IStudentGrain>(id.ToString()).AddGuardian(context.OperationId(), details, context.By());
        return added.Refusal is { } refusal ? Problems.Of(refusal, context) : TypedResults.Ok(new GuardianAdded(added.Value!));
    }

    /// <summary>Corrects name, relation, phone and household. Another phone binds nobody and is no other sign-in name.</summary>
    private static async Task<Results<NoContent, ProblemHttpResult>> Correct(
        string school, string student, string entry, GuardianCommand command, HttpContext context, IGrainFactory actors)
    {
        if (!StudentId.TryCreate(school, student, out var id))
            return Problems.Missing(context);

        var fields = new Fields();
        var details = Check(command, fields);
        return fields.AreWrong ? fields.Problem(context) : (await actors.GetGrain<IStudentGrain>(id.ToString()).CorrectGuardian(entry, details, context.By())).NoContent(context);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Order(string school, string student, GuardianOrderCommand command, HttpContext context, IGrainFactory actors) =>
        StudentId.TryCreate(school, student, out var id)
            ? (await actors.GetGrain<IStudentGrain>(id.ToString()).OrderGuardians(command.Entries.IsDefault ? [] : [.. command.Entries.Select(entry => entry ?? "")], context.By())).NoContent(context)
            : Problems.Missing(context);

    /// <summary>Removes a guardian who was entered by mistake. One who has or had access is not erased; their access is ended.</summary>
    private static async Task<Results<NoContent, ProblemHttpResult>> Remove(string school, string student, string entry, HttpContext context, IGrainFactory actors) =>
        StudentId.TryCreate(school, student, out var id)
            ? (await actors.GetGrain<IStudentGrain>(id.ToString()).RemoveGuardian(entry, context.By())).NoContent(context)
            : Problems.Missing(context);

    /// <summary>Sets or lifts a custody restriction: at once, on live connections too.</summary>
    private static async Task<Results<NoContent, ProblemHttpResult>> Restrict(
        string school, string student, string entry, RestrictGuardianCommand command, HttpContext context, IGrainFactory actors)
    {
        if (!StudentId.TryCreate(school, student, out var id))
            return Problems.Missing(context);

        var fields = new Fields();
        var restriction = fields.Given("restriction", command.Restriction);
        var reason = fields.Required("reason", command.Reason, PeopleLimits.LongestReason);
        return fields.AreWrong
            ? fields.Problem(context)
            : (await actors.GetGrain<IStudentGrain>(id.ToString()).RestrictGuardian(entry, restriction, reason, context.By())).NoContent(context);
    }

    /// <summary>Ends a guardian's access to this child: at once, on live connections too.</summary>
    private static async Task<Results<NoContent, ProblemHttpResult>> EndAccess(string school, string student, string entry, HttpContext context, IGrainFactory actors) =>
        StudentId.TryCreate(school, student, out var id)
            ? (await actors.GetGrain<IStudentGrain>(id.ToString()).EndGuardianAccess(entry, context.By())).NoContent(context)
            : Problems.Missing(context);

    private static GuardianDetails Check(GuardianCommand command, Fields fields)
    {
        var household = command.Household ?? 1;
        fields.AddIf(household is < 1 or > 4, "household", "unknown");
        return new GuardianDetails(fields.Required("name", command.Name), fields.Given("relation", command.Relation), fields.Phone("phone", command.Phone), household);
    }
}

/// <param name="Name">Their name.</param>
/// <param name="Relation">How they are related to the child.</param>
/// <param name="Phone">As people write it; null or empty when there is none.</param>
/// <param name="Household">In which household of the child they live, 1 to 4; 1 when it is missing.</param>
internal sealed record GuardianCommand(string Name, Relation? Relation, string? Phone, int? Household);

/// <param name="Entry">The new entry.</param>
internal sealed record GuardianAdded(string Entry);

/// <param name="Entries">Each entry once, in the order in which they are to be contacted.</param>
internal sealed record GuardianOrderCommand(ImmutableArray<string> Entries);

/// <param name="Restriction">What they are kept from.</param>
/// <param name="Reason">Why, e.g. the court's file number; only administrators read it.</param>
internal sealed record RestrictGuardianCommand(CustodyRestriction? Restriction, string Reason);
