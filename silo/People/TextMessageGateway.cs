using System.Net;
using System.Net.Http.Headers;
using SchoolHome.Grains.People;
using SchoolHome.People;

namespace SchoolHome.Silo.People;

/// <summary>Where text messages are posted to. Bound from the configuration section <c>SchoolHome:TextMessages</c>.</summary>
public sealed class TextMessageOptions
{
    /// <summary>The gateway's address. Without one no text message is ever sent, and a change of phone asks for no code.</summary>
    public string? Url { get; set; }

    /// <summary>Sent as a bearer token; null when the gateway asks for none.</summary>
    public string? Token { get; set; }

    /// <summary>Whether text messages can be sent.</summary>
    public bool CanSend => !string.IsNullOrWhiteSpace(Url);

    /// <exception cref="InvalidOperationException">The address is none.</exception>
    public static TextMessageOptions From(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var options = configuration.GetSection("SchoolHome:TextMessages").Get<TextMessageOptions>() ?? new TextMessageOptions();
        return !options.CanSend || (Uri.TryCreate(options.Url, UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
            ? options
            : throw new InvalidOperationException("SchoolHome:TextMessages:Url must be an http or https address.");
    }
}

/// <summary>
/// Posts each message as JSON: <c>{ "id", "phone", "text" }</c>. Any answer of the 200s means that the gateway has it. Numbers and texts are never logged, and neither is the gateway's answer, which
/// may repeat them.
/// </summary>
internal sealed partial class TextMessageGateway(TextMessageOptions options, ILogger<TextMessageGateway> logger) : ITextMessageGateway, IDisposable
{
    // The sender waits no longer for an actor's answer; see SchoolHomeSilo.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    private readonly HttpClient _http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5), AllowAutoRedirect = false }) { Timeout = Patience };

    public bool CanSend => options.CanSend;

    public async Task Send(PhoneMessage message)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, options.Url) { Content = JsonContent.Create(new { id = message.Id, phone = message.Phone, text = message.Text }) };
        if (options.Token is { Length: > 0 } token)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);

        using var response = await _http.SendAsync(request);
        if (response.IsSuccessStatusCode)
            return;
        if (response.StatusCode is >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError
            and not (HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden))
        {
            // The gateway will never take this one, e.g. because there is no such number: repeating it for a day helps nobody.
            LogRefused(logger, message.Id, (int)response.StatusCode);
            return;
        }

        throw new HttpRequestException($"The gateway for text messages answered {(int)response.StatusCode}.", null, response.StatusCode);
    }

    public void Dispose() => _http.Dispose();

    [LoggerMessage(Level = LogLevel.Warning, Message = "The gateway refused text message {Message} with status {Status}; it is dropped")]
    private static partial void LogRefused(ILogger logger, Guid message, int status);
}
