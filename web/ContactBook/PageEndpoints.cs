using System.Collections.Immutable;
using Microsoft.AspNetCore.Http.HttpResults;
using SchoolHome.CoEditing;
using SchoolHome.ContactBook;
using SchoolHome.Web.Edge;
using SchoolHome.Web.People;

namespace SchoolHome.Web.ContactBook;

/// <summary>A child's page: reading it, and what is done on it beside writing text, which goes through the live hub (see <c>PROTOCOL.md</c>). C.11, S1–S3.</summary>
internal static class PageEndpoints
{
    // Far more than a page has, and few enough to be told about when they are stale.
    private const int MostSections = 50;

    public static void Map(IEndpointRouteBuilder book)
    {
        var page = book.MapGroup("/pages/{school}/{student}/{date}");
        page.MapGet("", Get).WithName("GetBookPage");
        page.MapPut("/ticks/{item}", Tick).WithName("TickItem");
        page.MapPut("/marks", SetMarks).WithName("SetMarks");
        page.MapPost("/signatures", Sign).WithName("SignPage");
        page.MapPost("/signatures/withdraw", Withdraw).WithName("WithdrawSignature");
        page.MapPost("/addenda", Add).WithName("AddAddendum");
        page.MapGet("/sections/{section}/revisions", Revisions).WithName("GetSectionRevisions");
    }

    private static async Task<Results<Ok<BookPageView>, ProblemHttpResult>> Get(
        string school, string student, string date, HttpContext context, IGrainFactory actors, Rights rights) =>
        await On(school, student, date, context, actors, rights) is var (page, _) && await page.View() is { } view ? TypedResults.Ok(view) : Problems.Missing(context);

    /// <summary>Ticks an item of the class sheet for this child, or takes the tick away.</summary>
    private static async Task<Results<NoContent, ProblemHttpResult>> Tick(
        string school, string student, string date, string item, TickBody body, HttpContext context, IGrainFactory actors, Rights rights) =>
        await On(school, student, date, context, actors, rights) is var (page, who) ? (await page.Tick(item, body.Ticked, who, context.OperationId())).NoContent(context) : Problems.Missing(context);

    private static async Task<Results<NoContent, ProblemHttpResult>> SetMarks(
        string school, string student, string date, MarksBody body, HttpContext context, IGrainFactory actors, Rights rights) =>
        await On(school, student, date, context, actors, rights) is var (page, who)
            ? (await page.SetMarks(body.Marks is { IsDefault: false } marks ? marks : [], who, context.OperationId())).NoContent(context)
            : Problems.Missing(context);

    /// <summary>Signs the page; the operation id is the signature's. 409 <c>stale</c> names in <c>newer</c> what the signer had not seen.</summary>
    private static async Task<Results<NoContent, ProblemHttpResult>> Sign(
        string school, string student, string date, SignBody body, HttpContext context, IGrainFactory actors, Rights rights)
    {
        if (await On(school, student, date, context, actors, rights) is not var (page, who))
            return Problems.Missing(context);

        var fields = new Fields();
        fields.AddIf(body.Seen?.Sections is null, "seen", "required");
        fields.AddIf(body.Seen?.Sections?.Count > MostSections, "seen", "too-many");
        return fields.AreWrong ? fields.Problem(context) : (await page.Sign(new SignPage(context.OperationId(), body.Seen!), who)).NoContent(context);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Withdraw(
        string school, string student, string date, WithdrawBody body, HttpContext context, IGrainFactory actors, Rights rights) =>
        await On(school, student, date, context, actors, rights) is var (page, who)
            ? (await page.Withdraw(new WithdrawSignature(context.OperationId(), body.Reason?.Trim() ?? ""), who)).NoContent(context)
            : Problems.Missing(context);

    private static async Task<Results<NoContent, ProblemHttpResult>> Add(
        string school, string student, string date, AddendumBody body, HttpContext context, IGrainFactory actors, Rights rights) =>
        await On(school, student, date, context, actors, rights) is var (page, who)
            ? (await page.Add(new AddAddendum(context.OperationId(), body.Section ?? "", body.Text?.Trim() ?? ""), who)).NoContent(context)
            : Problems.Missing(context);

    /// <summary>Who wrote what in a section, the newest first.</summary>
    private static async Task<Results<Ok<TextRevisions>, ProblemHttpResult>> Revisions(
        string school, string student, string date, string section, int? before, HttpContext context, IGrainFactory actors, Rights rights)
    {
        if (await On(school, student, date, context, actors, rights) is not var (page, _))
            return Problems.Missing(context);

        var answer = await page.Revisions(section, before);
        return answer.Refusal is { } refusal ? Problems.Of(refusal, context) : TypedResults.Ok(answer.Value!);
    }

    private static async Task<(IBookPageGrain Page, Participant Who)?> On(string school, string student, string date, HttpContext context, IGrainFactory actors, Rights rights)
    {
        var topic = $"{KeyKinds.Page}/{school}/{student}/{date}";
        return await rights.On(topic, context.User.Account(), context.ActsAsFamily()) is { } who ? (actors.GetGrain<IBookPageGrain>(topic), who) : null;
    }
}

/// <param name="Ticked">Whether it is done.</param>
internal sealed record TickBody(bool Ticked);

/// <param name="Marks">Which marks are set or taken away; those that are not named stay.</param>
internal sealed record MarksBody(ImmutableArray<SetMark>? Marks);

/// <param name="Seen">What the signer saw.</param>
internal sealed record SignBody(SeenVersions? Seen);

/// <param name="Reason">Why.</param>
internal sealed record WithdrawBody(string? Reason);

/// <param name="Section">To which section it belongs.</param>
/// <param name="Text">What it says.</param>
internal sealed record AddendumBody(string? Section, string? Text);
