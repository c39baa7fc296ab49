using System.Net;
using System.Text.Json.Nodes;

namespace SchoolHome.Tests.Infrastructure;

/// <summary>How an office imports a roster: a dry run, a confirmation, and waiting until it is done.</summary>
internal static class RosterUpload
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    public static async Task<Reply> UploadRoster(this Person office, byte[] file, Guid? operation = null, string school = "s01", string name = "名册.xlsx", string? org = null)
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(file), "file", name } };
        if (org is not null)
            form.Add(new StringContent(org), "org");
        return await office.Send(HttpMethod.Post, $"/api/people/{school}/imports", form, operation);
    }

    /// <summary>The dry run of a file in which nothing is wrong.</summary>
    public static async Task<JsonNode> DryRun(this Person office, byte[] file, string school = "s01") => (await office.UploadRoster(file, school: school)).Is(HttpStatusCode.OK).Json;

    public static async Task<JsonNode> Import(this Person office, string import, string school = "s01") => (await office.Get($"/api/people/{school}/imports/{import}")).Is(HttpStatusCode.OK).Json;

    public static Task<Reply> Confirm(this Person office, string import, int? removals = null, string school = "s01") => office.Post($"/api/people/{school}/imports/{import}/confirm", new { removals });

    public static async Task<JsonNode> Until(this Person office, string import, string state, string school = "s01")
    {
        JsonNode view = null!;
        _ = await Eventually.TrueAsync(async () => (string?)(view = await office.Import(import, school))["state"] == state, Limit, $"the import to be {state}");
        return view;
    }

    /// <summary>Imports a file to its end. Answers the import as it is then; as it was offered, when there is nothing to change.</summary>
    public static async Task<JsonNode> ImportRoster(this Person office, byte[] file, string school = "s01")
    {
        var offered = await office.DryRun(file, school);
        if ((bool)offered["changesNothing"]!)
            return offered;

        var import = (string)offered["import"]!;
        _ = (await office.Confirm(import, (int)offered["counts"]!["removed"]!, school)).Is(HttpStatusCode.OK);
        return await office.Until(import, "done", school);
    }
}
