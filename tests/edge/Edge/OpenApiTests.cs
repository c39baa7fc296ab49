using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using SchoolHome.Tests.Infrastructure;

namespace SchoolHome.Tests.Edge.Edge;

/// <summary>The contract between server and client is committed, so that building the client needs no running server.</summary>
[Collection(DemoSchoolCollection.Name)]
public sealed class OpenApiTests(DemoSchool school)
{
    private const string Update = "SCHOOLHOME_UPDATE_OPENAPI";

    private static readonly JsonSerializerOptions Pretty = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public async Task The_committed_contract_is_what_the_server_says()
    {
        using var visitor = await school.Visit();
        var served = (await visitor.Get("/openapi.json")).Is(HttpStatusCode.OK).Json;
        var committed = Path.Combine(Repository.Root, "web", "client", "openapi.json");
        if (Environment.GetEnvironmentVariable(Update) == "1")
            await File.WriteAllTextAsync(committed, served.ToJsonString(Pretty) + "\n");

        Assert.True(
            JsonNode.DeepEquals(JsonNode.Parse(await File.ReadAllTextAsync(committed)), served),
            $"The server's contract has changed. Run this test with {Update}=1, look at the difference, generate the client's types (npm run api in web/client), and commit both.");
    }
}
