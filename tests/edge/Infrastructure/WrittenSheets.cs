using System.Net;

namespace SchoolHome.Tests.Infrastructure;

/// <summary>What teachers write on class sheets, by the commands that their browsers send.</summary>
internal static class WrittenSheets
{
    /// <summary>The path of a sheet, or of what is prepared for it.</summary>
    public static string Path(DateOnly day, string kind = "sheets", string? @class = null) => $"/api/book/{kind}/s01/{@class ?? DemoSchool.Class}/{DemoSchool.Written(day)}";

    /// <summary>Gives homework. Answers the item's id.</summary>
    public static Task<string> AddToSheet(this Person teacher, DateOnly day, string text, string subject = "数学", string? @class = null) => Add(teacher, Path(day, "sheets", @class), text, subject);

    /// <summary>Prepares homework. Answers the item's id.</summary>
    public static Task<string> Prepare(this Person teacher, DateOnly day, string text, string subject = "数学") => Add(teacher, Path(day, "drafts"), text, subject);

    private static async Task<string> Add(Person teacher, string path, string text, string subject) =>
        (string)(await teacher.Post($"{path}/items", new { items = new[] { new { kind = "homework", subject, text } } })).Is(HttpStatusCode.OK).Json["items"]![0]!;
}
