using System.Collections.Immutable;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;
using SchoolHome.People;
using SchoolHome.School;
using SchoolHome.Web.Edge;

namespace SchoolHome.Web.People.Import;

/// <summary>
/// The import of rosters: an upload is a dry run; nothing is applied before it is confirmed. For a school's administrators, and programs with the scope <c>roster.import</c>. Whoever is neither gets 404.
/// </summary>
internal static class ImportEndpoints
{
    private const int PageSize = 50;
    private const string WorkbookType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    private const string CsvType = "text/csv; charset=utf-8";

    public static IEndpointRouteBuilder MapImports(this IEndpointRouteBuilder routes)
    {
        var school = routes.MapGroup("/people/{school}").WithTags("Import");
        var imports = school.MapGroup("/imports").ForAdministrators().AllowPrograms(ApiScopes.ImportRoster);
        imports.MapPost("", Upload).WithName("UploadRoster")
            .Accepts<ImportUpload>("multipart/form-data")
            .WithMetadata(new UploadSize())
            .RequireRateLimiting(Limits.Uploads)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge);
        imports.MapGet("", List).WithName("GetImports");
        imports.MapGet("/{import}", View).WithName("GetImport");
        imports.MapGet("/{import}/changes", Changes).WithName("GetImportChanges");
        imports.MapPost("/{import}/confirm", Confirm).WithName("ConfirmImport");
        imports.MapPost("/{import}/drop", Drop).WithName("DropImport");
        imports.MapPost("/{import}/undo", Undo).WithName("UndoImport");

        var exports = school.MapGroup("").ForAdministrators().AllowPrograms(ApiScopes.ReadPeople);
        exports.MapGet("/roster.xlsx", ExportWorkbook).WithName("ExportRoster").Produces<byte[]>(StatusCodes.Status200OK, WorkbookType);
        exports.MapGet("/students.csv", ExportStudents).WithName("ExportStudents").Produces<byte[]>(StatusCodes.Status200OK, CsvType);
        exports.MapGet("/staff.csv", ExportStaff).WithName("ExportStaff").Produces<byte[]>(StatusCodes.Status200OK, CsvType);
        routes.MapGet("/people/roster-template.xlsx", Template).WithTags("Import").RequireAuthorization().WithName("GetRosterTemplate").Produces<byte[]>(StatusCodes.Status200OK, WorkbookType);
        return routes;
    }

    /// <summary>
    /// Takes a roster and says what importing it would do. Nothing is applied. The import's id is the operation id of the upload, so that repeating it changes nothing. A file with anything wrong in it is
    /// refused with <c>roster-refused</c> and all <c>problems</c>; a file of several schools with <c>choose-school</c> and the <c>schools</c>.
    /// </summary>
    private static async Task<Results<Ok<ImportStatus>, ProblemHttpResult>> Upload(string school, HttpContext context, RosterImports imports)
    {
        // Read here, not bound: whoever may not import is refused before a byte of the file is taken in.
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        if (form.Files["file"] is not { Length: > 0 } file)
            return Problems.OfFields([new("file", "file-required")], context);
        if (file.Length > Limits.RosterBytes)
            return Problems.Make(StatusCodes.Status413PayloadTooLarge, "too-large", context);

        await using var content = file.OpenReadStream();
        var import = new ImportId(school, context.OperationId().ToString("N"));
        var org = form["org"].ToString() is { Length: > 0 } chosen ? chosen : null;
        return await imports.Offer(import, content, file.FileName, org, context.By()) switch
        {
            RosterOutcome.Offered offered => TypedResults.Ok(ImportTexts.Status(offered.View, Texts.LanguageOf(context))),
            RosterOutcome.Faulty faulty => Faulty(faulty, context),
            RosterOutcome.SeveralSchools several => SeveralSchools(several, context),
            RosterOutcome.Refused refused => Problems.Of(refused.Refusal, context),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private static ProblemHttpResult Faulty(RosterOutcome.Faulty faulty, HttpContext context)
    {
        var language = Texts.LanguageOf(context);
        return Problems.Make(StatusCodes.Status400BadRequest, "roster-refused", context,
            ("problems", faulty.Problems.Select(one => ImportTexts.Line(one, language)).ToImmutableArray()), ("problemCount", faulty.Count));
    }

    private static ProblemHttpResult SeveralSchools(RosterOutcome.SeveralSchools several, HttpContext context)
    {
        var problem = Problems.Make(StatusCodes.Status400BadRequest, "choose-school", context, ("schools", several.Schools));
        // Signing in has the same code, and another sentence for it.
        problem.ProblemDetails.Detail = ImportTexts.Sentence("oneroster-choose-school", [], Texts.LanguageOf(context));
        return problem;
    }

    /// <summary>The latest imports, the newest first.</summary>
    private static async Task<Ok<ImmutableArray<ImportLine>>> List(string school, HttpContext context, IGrainFactory actors)
    {
        var language = Texts.LanguageOf(context);
        var ids = await actors.GetGrain<ISchoolGrain>(new SchoolId(school).ToString()).Imports();
        var views = await Task.WhenAll(ids.Select(id => actors.GetGrain<IImportGrain>(id.ToString()).View()));
        return TypedResults.Ok(views.OfType<ImportView>().Select(view => ImportTexts.ListLine(view, language)).ToImmutableArray());
    }

    /// <summary>One import as it stands.</summary>
    private static async Task<Results<Ok<ImportStatus>, ProblemHttpResult>> View(string school, string import, HttpContext context, IGrainFactory actors) =>
        ImportId.TryCreate(school, import, out var id) && await actors.GetGrain<IImportGrain>(id.ToString()).View() is { } view
            ? TypedResults.Ok(ImportTexts.Status(view, Texts.LanguageOf(context)))
            : Problems.Missing(context);

    /// <summary>What an import does to whom, a kind and a page at a time.</summary>
    /// <param name="school">The school.</param>
    /// <param name="import">The import.</param>
    /// <param name="kind">Which changes: one of the kinds of a line.</param>
    /// <param name="page">Which page, from 1.</param>
    private static async Task<Results<Ok<ImportChanges>, ProblemHttpResult>> Changes(
        string school, string import, string? kind, int? page, HttpContext context, RosterImports imports)
    {
        if (!Enum.TryParse<ImportChangeKind>(kind, ignoreCase: true, out var wanted) || !Enum.IsDefined(wanted))
            return Problems.OfFields([new("kind", "unknown")], context);

        return ImportId.TryCreate(school, import, out var id) && await imports.Changes(id, wanted, page ?? 1, PageSize, Texts.LanguageOf(context)) is { } changes
            ? TypedResults.Ok(changes)
            : Problems.Missing(context);
    }

    /// <summary>Confirms a dry run: applying begins, and the import's topic tells how far it is.</summary>
    private static Task<Results<Ok<ImportStatus>, ProblemHttpResult>> Confirm(string school, string import, ConfirmImportCommand command, HttpContext context, IGrainFactory actors) =>
        Tell(school, import, context, actors, (actor, by) => actor.Confirm(command.Removals, by));

    /// <summary>Drops a dry run and forgets its people.</summary>
    private static Task<Results<Ok<ImportStatus>, ProblemHttpResult>> Drop(string school, string import, HttpContext context, IGrainFactory actors) =>
        Tell(school, import, context, actors, (actor, by) => actor.Drop(by));

    /// <summary>Undoes an import, unless something depends on it by now: then nothing is undone, and the import's <c>hindrances</c> say what.</summary>
    private static Task<Results<Ok<ImportStatus>, ProblemHttpResult>> Undo(string school, string import, HttpContext context, IGrainFactory actors) =>
        Tell(school, import, context, actors, (actor, by) => actor.Undo(by));

    private static async Task<Results<Ok<ImportStatus>, ProblemHttpResult>> Tell(
        string school, string import, HttpContext context, IGrainFactory actors, Func<IImportGrain, ChangedBy, Task<Answer<Done>>> command)
    {
        if (!ImportId.TryCreate(school, import, out var id))
            return Problems.Missing(context);

        var actor = actors.GetGrain<IImportGrain>(id.ToString());
        if (await actor.View() is null)
            return Problems.Missing(context);
        if ((await command(actor, context.By())).Refusal is { } refusal)
            return Problems.Of(refusal, context);

        return TypedResults.Ok(ImportTexts.Status((await actor.View())!, Texts.LanguageOf(context)));
    }

    /// <summary>Everybody in our own form: importing it again changes nothing.</summary>
    private static async Task<FileContentHttpResult> ExportWorkbook(string school, SchoolPeople people)
    {
        var (now, _) = await people.Read(new SchoolId(school));
        return TypedResults.File(SpreadsheetWriter.Write([RosterExport.Students(now), RosterExport.Staff(now)]), WorkbookType, "roster.xlsx");
    }

    /// <summary>The students in our own form.</summary>
    private static async Task<FileContentHttpResult> ExportStudents(string school, SchoolPeople people)
    {
        var (now, _) = await people.Read(new SchoolId(school));
        return TypedResults.File(RosterExport.Csv(RosterExport.Students(now)), CsvType, "students.csv");
    }

    /// <summary>The staff in our own form.</summary>
    private static async Task<FileContentHttpResult> ExportStaff(string school, SchoolPeople people)
    {
        var (now, _) = await people.Read(new SchoolId(school));
        return TypedResults.File(RosterExport.Csv(RosterExport.Staff(now)), CsvType, "staff.csv");
    }

    /// <summary>Our own form, empty, with an explanation.</summary>
    private static FileContentHttpResult Template() => TypedResults.File(SpreadsheetWriter.Write(RosterExport.Template()), WorkbookType, "roster-template.xlsx");

    /// <summary>How much of an upload is read at all. The server refuses what says that it is longer without reading it, and stops in the middle of what does not say so.</summary>
    private sealed class UploadSize : IRequestSizeLimitMetadata
    {
        // The form around the file: a boundary, a file name, the school's id.
        public long? MaxRequestBodySize => Limits.RosterBytes + (64 * 1024);
    }
}
