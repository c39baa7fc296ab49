using System.Collections.Immutable;
using System.Text;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.SignalR;
using SchoolHome.CoEditing;
using SchoolHome.Live;
using SchoolHome.Web.Edge;
using SchoolHome.Web.People;

namespace SchoolHome.Web.Live;

/// <summary>The hub at <c>/live</c>: joins, leaves, and passes text and marks to the actors. See <c>PROTOCOL.md</c>.</summary>
[Authorize]
internal sealed class LiveHub(LiveFeed feed, Rights rights, TimeProvider clock, ILogger<LiveHub> logger) : Hub
{
    private Browser Browser => Context.Features.GetRequiredFeature<Browser>();

    public override async Task OnConnectedAsync()
    {
        var browser = new Browser(LiveConnections.Of(Context), Context.User!.Account(), Context.User!.Stamp(), Context.User!.Device(), Context.GetHttpContext()!.ActsAsFamily(), feed, rights, clock, logger);
        Context.Features.Set(browser);
        try
        {
            await browser.Begin();
        }
        catch
        {
            // A connection that fails here is closed without OnDisconnectedAsync.
            browser.End();
            throw;
        }

        await base.OnConnectedAsync();
    }

    public override Task OnDisconnectedAsync(Exception? exception)
    {
        Context.Features.Get<Browser>()?.End();
        return base.OnDisconnectedAsync(exception);
    }

    public async Task<JoinAnswer> Join(string topic, LivePosition? have)
    {
        try
        {
            return await Browser.Join(topic ?? "", have);
        }
        catch (Exception exception) when (Problems.IsUnknownOutcome(exception))
        {
            return JoinAnswer.Refused("unknown-outcome");
        }
    }

    public void Leave(string topic) => Browser.Leave(topic ?? "");

    public async Task<PushAnswer> PushText(string topic, TextPush push)
    {
        if (push is null || push.Section is null || push.ClientId is null || push.Changes.IsDefault)
            return PushAnswer.Refused("bad-request");
        if (push.Changes.Sum(changes => (long)Encoding.UTF8.GetByteCount(changes.Json)) > LiveLimits.MessageBytes)
            return PushAnswer.Refused("too-large");
        if (Browser.In(topic ?? "") is not { Document: { } document, As: var writer })
            return PushAnswer.Refused("not-joined");
        if (!Browser.Pushes.Take())
            return PushAnswer.Refused(TextCodes.TooFast);

        try
        {
            var answer = await document.PushText(push, writer);
            return answer.Refusal is { } refusal ? PushAnswer.Refused(refusal.Code) : new PushAnswer(true, null, answer.Value!.Version);
        }
        catch (Exception exception) when (Problems.IsUnknownOutcome(exception))
        {
            return PushAnswer.Refused("unknown-outcome");
        }
    }

    public async Task<SinceAnswer> TextSince(string topic, string section, int version)
    {
        if (Browser.In(topic ?? "") is not { Document: { } document })
            return SinceAnswer.Refused("not-joined");
        if (!Browser.Pushes.Take())
            return SinceAnswer.Refused(TextCodes.TooFast);

        try
        {
            var answer = await document.TextSince(section ?? "", version);
            return answer.Refusal is { } refusal ? SinceAnswer.Refused(refusal.Code) : new SinceAnswer(true, null, answer.Value!.Version, answer.Value.Updates);
        }
        catch (Exception exception) when (Problems.IsUnknownOutcome(exception))
        {
            return SinceAnswer.Refused("unknown-outcome");
        }
    }

    public void Mark(string topic, MarkPlace? place)
    {
        if (Browser.In(topic ?? "") is { } joined
            && Browser.Marks.Take()
            && (place is null || place is { ClientId.Length: <= 40, Section.Length: <= 40, Anchor: >= 0, Head: >= 0, Version: >= 0 }))
            Browser.Mark(joined, place);
    }
}

/// <summary>The answer to a push; see <c>PROTOCOL.md</c>.</summary>
internal sealed record PushAnswer(bool Ok, string? Code, int? Version)
{
    public static PushAnswer Refused(string code) => new(false, code, null);
}

/// <summary>The answer to a question for updates; see <c>PROTOCOL.md</c>.</summary>
internal sealed record SinceAnswer(bool Ok, string? Code, int? Version, ImmutableArray<TextUpdate>? Updates)
{
    public static SinceAnswer Refused(string code) => new(false, code, null, null);
}
