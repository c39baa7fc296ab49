using System.Collections.Immutable;
using Microsoft.AspNetCore.Http.HttpResults;
using SchoolHome.ContactBook;
using SchoolHome.Web.Edge;
using SchoolHome.Web.People;

namespace SchoolHome.Web.ContactBook;

/// <summary>Writing class sheets and what is prepared for them: the teachers of the class, each what belongs to their subjects (C.11).</summary>
internal static class SheetEndpoints
{
    public static void Map(IEndpointRouteBuilder book)
    {
        var sheet = book.MapGroup("/sheets/{school}/{class}/{date}");
        sheet.MapGet("", Get).WithName("GetClassSheet");
        sheet.MapPost("/items", Add).WithName("AddSheetItems");
        sheet.MapPut("/items/{item}", Change).WithName("ChangeSheetItem");
        sheet.MapDelete("/items/{item}", Remove).WithName("RemoveSheetItem");
        sheet.MapPost("/items/{item}/restore", Restore).WithName("RestoreSheetItem");

        var draft = book.MapGroup("/drafts/{school}/{class}/{date}");
        draft.MapGet("", GetDraft).WithName("GetSheetDraft");
        draft.MapPost("/items", AddToDraft).WithName("AddDraftItems");
        draft.MapPut("/items/{item}", ChangeInDraft).WithName("ChangeDraftItem");
        draft.MapDelete("/items/{item}", RemoveFromDraft).WithName("RemoveDraftItem");
        draft.MapPut("/schedule", Schedule).WithName("ScheduleDraft");
        draft.MapPost("/release", Release).WithName("ReleaseDraft");

        var templates = book.MapGroup("/templates/{school}");
        templates.MapGet("", ListTemplates).WithName("GetSheetTemplates");
        templates.MapPut("/{template:guid}", PutTemplate).WithName("PutSheetTemplate");
        templates.MapDelete("/{template:guid}", RemoveTemplate).WithName("RemoveSheetTemplate");
    }

    private static async Task<Results<Ok<ClassSheetView>, ProblemHttpResult>> Get(
        string school, string @class, string date, HttpContext context, IGrainFactory actors, Rights rights)
    {
        var topic = $"{KeyKinds.Sheet}/{school}/{@class}/{date}";
        return await rights.On(topic, context.User.Account(), context.ActsAsFamily()) is null
            ? Problems.Missing(context)
            : TypedResults.Ok(await actors.GetGrain<IClassSheetGrain>(topic).View());
    }

    /// <summary>Adds items. The same operation id again answers the same ids.</summary>
    private static async Task<Results<Ok<SheetItemsAdded>, ProblemHttpResult>> Add(
        string school, string @class, string date, SheetItemsBody body, HttpContext context, IGrainFactory actors, Rights rights)
    {
        if (await On(KeyKinds.Sheet, school, @class, date, context, rights) is not var (topic, author))
            return Problems.Missing(context);

        var answer = await actors.GetGrain<IClassSheetGrain>(topic).AddItems(context.OperationId(), body.Items.OrEmpty(), author);
        return answer.Refusal is { } refusal ? Problems.Of(refusal, context) : TypedResults.Ok(answer.Value!);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Change(
        string school, string @class, string date, string item, SheetItemBody body, HttpContext context, IGrainFactory actors, Rights rights) =>
        await On(KeyKinds.Sheet, school, @class, date, context, rights) is var (topic, author)
            ? (await actors.GetGrain<IClassSheetGrain>(topic).ChangeItem(body.Of(item), author)).NoContent(context)
            : Problems.Missing(context);

    private static async Task<Results<NoContent, ProblemHttpResult>> Remove(
        string school, string @class, string date, string item, HttpContext context, IGrainFactory actors, Rights rights) =>
        await On(KeyKinds.Sheet, school, @class, date, context, rights) is var (topic, author)
            ? (await actors.GetGrain<IClassSheetGrain>(topic).RemoveItem(item, author)).NoContent(context)
            : Problems.Missing(context);

    private static async Task<Results<NoContent, ProblemHttpResult>> Restore(
        string school, string @class, string date, string item, HttpContext context, IGrainFactory actors, Rights rights) =>
        await On(KeyKinds.Sheet, school, @class, date, context, rights) is var (topic, author)
            ? (await actors.GetGrain<IClassSheetGrain>(topic).RestoreItem(item, author)).NoContent(context)
            : Problems.Missing(context);

    private static async Task<Results<Ok<SheetDraftView>, ProblemHttpResult>> GetDraft(
        string school, string @class, string date, HttpContext context, IGrainFactory actors, Rights rights) =>
        await On(KeyKinds.SheetDraft, school, @class, date, context, rights) is var (topic, _)
            ? TypedResults.Ok(await actors.GetGrain<ISheetDraftGrain>(topic).View())
            : Problems.Missing(context);

    private static async Task<Results<Ok<SheetItemsAdded>, ProblemHttpResult>> AddToDraft(
        string school, string @class, string date, DraftItemsBody body, HttpContext context, IGrainFactory actors, Rights rights)
    {
        if (await On(KeyKinds.SheetDraft, school, @class, date, context, rights) is not var (topic, author))
            return Problems.Missing(context);

        var answer = await actors.GetGrain<ISheetDraftGrain>(topic).AddItems(context.OperationId(), body.Items.OrEmpty(), author, body.ReleaseAt?.ToUniversalTime());
        return answer.Refusal is { } refusal ? Problems.Of(refusal, context) : TypedResults.Ok(answer.Value!);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> ChangeInDraft(
        string school, string @class, string date, string item, SheetItemBody body, HttpContext context, IGrainFactory actors, Rights rights) =>
        await On(KeyKinds.SheetDraft, school, @class, date, context, rights) is var (topic, author)
            ? (await actors.GetGrain<ISheetDraftGrain>(topic).ChangeItem(body.Of(item), author)).NoContent(context)
            : Problems.Missing(context);

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveFromDraft(
        string school, string @class, string date, string item, HttpContext context, IGrainFactory actors, Rights rights) =>
        await On(KeyKinds.SheetDraft, school, @class, date, context, rights) is var (topic, author)
            ? (await actors.GetGrain<ISheetDraftGrain>(topic).RemoveItem(item, author)).NoContent(context)
            : Problems.Missing(context);

    /// <summary>When the draft is released by itself.</summary>
    private static async Task<Results<NoContent, ProblemHttpResult>> Schedule(
        string school, string @class, string date, ScheduleBody body, HttpContext context, IGrainFactory actors, Rights rights) =>
        await On(KeyKinds.SheetDraft, school, @class, date, context, rights) is var (topic, author)
            ? (await actors.GetGrain<ISheetDraftGrain>(topic).Schedule(context.OperationId(), body.At?.ToUniversalTime(), author)).NoContent(context)
            : Problems.Missing(context);

    private static async Task<Results<NoContent, ProblemHttpResult>> Release(
        string school, string @class, string date, HttpContext context, IGrainFactory actors, Rights rights) =>
        await On(KeyKinds.SheetDraft, school, @class, date, context, rights) is var (topic, author)
            ? (await actors.GetGrain<ISheetDraftGrain>(topic).Release(context.OperationId(), author)).NoContent(context)
            : Problems.Missing(context);

    private static async Task<Results<Ok<ImmutableArray<SheetTemplate>>, ProblemHttpResult>> ListTemplates(string school, HttpContext context, IGrainFactory actors, Rights rights) =>
        await Templates(school, context, actors, rights) is { } templates ? TypedResults.Ok(await templates.List()) : Problems.Missing(context);

    private static async Task<Results<NoContent, ProblemHttpResult>> PutTemplate(
        string school, Guid template, SheetTemplateBody body, HttpContext context, IGrainFactory actors, Rights rights) =>
        await Templates(school, context, actors, rights) is { } templates
            ? (await templates.Put(new SheetTemplate(template, body.Name ?? "", body.Items.OrEmpty()))).NoContent(context)
            : Problems.Missing(context);

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveTemplate(string school, Guid template, HttpContext context, IGrainFactory actors, Rights rights) =>
        await Templates(school, context, actors, rights) is { } templates ? (await templates.Remove(template)).NoContent(context) : Problems.Missing(context);

    // Only teachers of the class get here at all: to a family, a draft does not exist, and on a sheet it has nothing to command (the actor says so).
    private static async Task<(string Topic, SheetAuthor Author)?> On(string kind, string school, string @class, string date, HttpContext context, Rights rights)
    {
        var topic = $"{kind}/{school}/{@class}/{date}";
        return await rights.On(topic, context.User.Account(), context.ActsAsFamily()) is { } who && ClassId.TryCreate(school, @class, out var id)
            ? (topic, new SheetAuthor(who, await rights.SubjectsIn(id, context.User.Account())))
            : null;
    }

    // Templates are a teacher's own, for all of their classes in a school.
    private static async Task<ISheetTemplatesGrain?> Templates(string school, HttpContext context, IGrainFactory actors, Rights rights) =>
        SchoolId.TryCreate(school, out var id) && await rights.TeacherIn(id, context.User.Account()) is { } teacher
            ? actors.GetGrain<ISheetTemplatesGrain>(new SheetTemplatesId(teacher).ToString())
            : null;

    private static ImmutableArray<NewSheetItem> OrEmpty(this ImmutableArray<SheetItemWords>? items) =>
        items is { IsDefault: false } given ? [.. given.Select(item => new NewSheetItem(item?.Kind ?? SheetItemKind.Homework, item?.Subject, item?.Text ?? ""))] : [];
}

/// <param name="Kind">What it is.</param>
/// <param name="Subject">The subject; null where it belongs to none.</param>
/// <param name="Text">What it says.</param>
internal sealed record SheetItemWords(SheetItemKind Kind, string? Subject, string? Text);

/// <param name="Items">What is added, 1 to 30.</param>
internal sealed record SheetItemsBody(ImmutableArray<SheetItemWords>? Items);

/// <param name="Items">What is prepared, 1 to 30.</param>
/// <param name="ReleaseAt">When it is released by itself, with its offset from UTC, where the draft has no time yet; null for not by itself. A time that has passed releases these items at once.</param>
internal sealed record DraftItemsBody(ImmutableArray<SheetItemWords>? Items, DateTimeOffset? ReleaseAt);

/// <param name="Version">The item's version that the writer saw.</param>
/// <param name="Subject">The subject; null where it belongs to none.</param>
/// <param name="Text">What it says now.</param>
internal sealed record SheetItemBody(int Version, string? Subject, string? Text)
{
    public ChangeSheetItem Of(string item) => new(item, Version, Subject, Text ?? "");
}

/// <param name="At">When, with its offset from UTC; null for not by itself.</param>
internal sealed record ScheduleBody(DateTimeOffset? At);

/// <param name="Name">E.g. 周五.</param>
/// <param name="Items">What it puts on a sheet.</param>
internal sealed record SheetTemplateBody(string? Name, ImmutableArray<SheetItemWords>? Items);
