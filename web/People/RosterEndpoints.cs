using Microsoft.AspNetCore.Http.HttpResults;
using SchoolHome.Web.Edge;

namespace SchoolHome.Web.People;

/// <summary>Importing our own workbook in one go.</summary>
internal static class RosterEndpoints
{
    // The group's own check has been made; this keeps the form binder from asking twice.
    public static void Map(IEndpointRouteBuilder administration) => administration.MapPost("/roster", Import).WithName("ImportRoster").DisableAntiforgery();

    /// <summary>Imports our workbook (sheets 学生 and 教职工). Nothing is applied while anything in it is wrong; importing it again changes nothing.</summary>
    private static async Task<Results<Ok<RosterImported>, ProblemHttpResult>> Import(string school, IFormFile? file, HttpContext context, RosterImport import)
    {
        if (file is null || file.Length == 0)
            return Problems.OfFields([new("file", "file-required")], context);
        if (file.Length > Limits.RosterBytes)
            return Problems.Make(StatusCodes.Status413PayloadTooLarge, "too-large", context);

        await using var content = file.OpenReadStream();
        var (roster, problems) = RosterWorkbook.Read(content, new SchoolId(school));
        return problems.IsEmpty
            ? TypedResults.Ok(await import.Apply(roster))
            : Problems.Make(StatusCodes.Status400BadRequest, "roster-refused", context, ("problems", problems));
    }
}
