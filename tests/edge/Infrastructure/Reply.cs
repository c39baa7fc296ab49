using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace SchoolHome.Tests.Infrastructure;

/// <summary>What the server answered, read to its end.</summary>
internal sealed record Reply(HttpStatusCode Status, string Text, HttpResponseHeaders Headers, string? ContentType)
{
    public JsonNode Json => JsonNode.Parse(Text) ?? throw new InvalidOperationException("The answer is null.");

    /// <summary>The stable code of a problem.</summary>
    public string? Code => (string?)Json["code"];

    public static async Task<Reply> Of(HttpResponseMessage response) =>
        new(response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers, response.Content.Headers.ContentType?.MediaType);

    /// <summary>Fails, with what was answered, unless it is this status. Answers itself.</summary>
    public Reply Is(HttpStatusCode status)
    {
        Assert.True(Status == status, $"Expected {(int)status}, got {(int)Status}: {Text}");
        return this;
    }

    /// <summary>Fails unless it is a problem with this status and code, and a sentence for people. Answers itself.</summary>
    public Reply IsProblem(HttpStatusCode status, string code)
    {
        _ = Is(status);
        Assert.Equal("application/problem+json", ContentType);
        Assert.Equal(code, Code);
        Assert.False(string.IsNullOrWhiteSpace((string?)Json["detail"]), $"No sentence in {Text}");
        return this;
    }
}
