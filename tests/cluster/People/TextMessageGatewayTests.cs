using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using SchoolHome.People;
using SchoolHome.Silo.People;

namespace SchoolHome.Tests.People;

/// <summary>Text messages go to the gateway that the deployment names, and to no log.</summary>
public sealed class TextMessageGatewayTests : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly List<string> _log = [];
    private readonly string _url;

    public TextMessageGatewayTests()
    {
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            _url = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/sms/";
        }

        _listener.Prefixes.Add(_url);
        _listener.Start();
    }

    public void Dispose() => _listener.Close();

    private static readonly PhoneMessage Message = new(new Guid("6f9619ff-8b86-d011-b42d-00c04fc964ff"), "+8619910000001", "验证码 123456", new DateTimeOffset(2026, 11, 23, 8, 0, 0, TimeSpan.Zero));

    private static TextMessageOptions Options(string? url, string? token = null) => TextMessageOptions.From(
        new ConfigurationBuilder().AddInMemoryCollection([new("SchoolHome:TextMessages:Url", url), new("SchoolHome:TextMessages:Token", token)]).Build());

    private TextMessageGateway Gateway(string? token = null) => new(Options(_url, token), new ListLogger(_log));

    /// <summary>Sends, and answers as the gateway; what it was sent.</summary>
    private async Task<(Task Sending, string? Authorization, JsonElement Body)> Send(TextMessageGateway gateway, int status)
    {
        var sending = gateway.Send(Message);
        var context = await _listener.GetContextAsync().WaitAsync(TimeSpan.FromSeconds(10));
        using var reader = new StreamReader(context.Request.InputStream, Encoding.UTF8);
        var body = JsonDocument.Parse(await reader.ReadToEndAsync()).RootElement.Clone();
        context.Response.StatusCode = status;
        context.Response.Close();
        return (sending, context.Request.Headers["Authorization"], body);
    }

    [Fact]
    public async Task A_message_is_posted_as_json_with_the_token()
    {
        using var gateway = Gateway("s3cret");
        var (sending, authorization, body) = await Send(gateway, 200);
        await sending;

        Assert.True(gateway.CanSend);
        Assert.Equal("Bearer s3cret", authorization);
        Assert.Equal(
            (Message.Id.ToString(), Message.Phone, Message.Text), (body.GetProperty("id").GetString(), body.GetProperty("phone").GetString(), body.GetProperty("text").GetString()));
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(429)]
    [InlineData(401)]
    public async Task A_gateway_that_cannot_now_is_asked_again(int status)
    {
        using var gateway = Gateway();
        var (sending, authorization, _) = await Send(gateway, status);

        await Assert.ThrowsAsync<HttpRequestException>(() => sending);
        Assert.Null(authorization);
    }

    [Fact]
    public async Task A_message_that_the_gateway_will_never_take_is_dropped_and_no_number_or_text_is_logged()
    {
        using var gateway = Gateway();
        await (await Send(gateway, 422)).Sending;

        var line = Assert.Single(_log);
        Assert.Contains("422", line, StringComparison.Ordinal);
        Assert.DoesNotContain(Message.Phone[1..], line, StringComparison.Ordinal);
        Assert.DoesNotContain("123456", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_an_address_nothing_can_be_sent_and_with_a_wrong_one_nothing_starts()
    {
        Assert.False(Options(null).CanSend);
        Assert.False(Options(" ").CanSend);
        Assert.Throws<InvalidOperationException>(() => Options("sms.example"));
        Assert.Throws<InvalidOperationException>(() => Options("ftp://sms.example/"));
    }

    private sealed class ListLogger(List<string> log) : ILogger<TextMessageGateway>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => log.Add(formatter(state, exception));
    }
}
