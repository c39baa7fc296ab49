using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace SchoolHome.Tests.Infrastructure;

/// <summary>Somebody with a browser's cookies, who does what a browser does: takes the antiforgery token and sends it along.</summary>
internal sealed class Person : IDisposable
{
    private static readonly Uri Session = new("/api/session", UriKind.Relative);

    private readonly HttpClient _http;

    private Person(Uri address, CookieContainer cookies, string? language, IPAddress? from = null)
    {
        (Address, Cookies) = (address, cookies);
        var handler = new SocketsHttpHandler { CookieContainer = cookies, AllowAutoRedirect = false };
        if (from is not null)
            handler.ConnectCallback = (context, cancellation) => ConnectFrom(from, context.DnsEndPoint, cancellation);
        _http = new HttpClient(handler) { BaseAddress = address };
        if (language is not null)
            _http.DefaultRequestHeaders.AcceptLanguage.ParseAdd(language);
    }

    public Uri Address { get; }

    public CookieContainer Cookies { get; }

    /// <summary>The account's opaque id; empty when nobody is signed in.</summary>
    public string Account { get; private set; } = "";

    /// <summary>Opens the site: nobody is signed in yet.</summary>
    /// <param name="address">The site.</param>
    /// <param name="language">What the browser asks for.</param>
    /// <param name="from">From which address of this machine: all of 127.0.0.0/8 are its.</param>
    public static async Task<Person> Visit(Uri address, string? language = null, IPAddress? from = null)
    {
        var person = new Person(address, new CookieContainer(), language, from);
        _ = (await person.Get(Session)).Is(HttpStatusCode.OK);
        return person;
    }

    /// <summary>The same browser at another web process of the same site: cookies know no ports.</summary>
    public Person At(Uri address) => new(address, Cookies, null) { Account = Account };

    public async Task<JsonNode> SessionView() => (await Get(Session)).Is(HttpStatusCode.OK).Json;

    public async Task<Reply> SignInByCard(string card) => Remember(await Post("/api/demo/sign-in", new { card }));

    public async Task<Reply> SignIn(string login, string password, string? school = null) => Remember(await Post("/api/session/sign-in", new { login, password, school }));

    /// <summary>Redeems a slip, and is signed in then.</summary>
    public async Task<Reply> Join(object command, Guid? operation = null)
    {
        var reply = await Post("/api/join", command, operation);
        if (reply.Status is HttpStatusCode.OK)
            Account = (string)reply.Json["session"]!["account"]!["id"]!;
        return reply;
    }

    /// <param name="path">A path of the site, or an address that a browser is sent to.</param>
    public Task<Reply> Get(string path) => Get(new Uri(path, path.StartsWith('/') ? UriKind.Relative : UriKind.Absolute));

    public Task<Reply> Post(string path, object? body = null, Guid? operation = null) => Send(HttpMethod.Post, path, body is null ? null : JsonContent.Create(body), operation);

    /// <summary>Sends a request with headers of its own, as a program or a proxy does.</summary>
    public async Task<Reply> With(HttpMethod method, string path, object? body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        if (Cookies.GetCookies(Address)["XSRF-TOKEN"] is { } token)
            request.Headers.Add("X-XSRF-TOKEN", Uri.UnescapeDataString(token.Value));
        foreach (var (name, value) in headers)
            _ = request.Headers.TryAddWithoutValidation(name, value);
        using var response = await _http.SendAsync(request);
        return await Reply.Of(response);
    }

    public Task<Reply> Put(string path, object? body = null) => Send(HttpMethod.Put, path, body is null ? null : JsonContent.Create(body));

    public async Task<Reply> Upload(string path, byte[] file, string name = "名册.xlsx")
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(file), "file", name } };
        return await Send(HttpMethod.Post, path, form);
    }

    public async Task<Reply> Send(HttpMethod method, string path, HttpContent? body, Guid? operation = null, bool withToken = true)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body };
        if (withToken && Cookies.GetCookies(Address)["XSRF-TOKEN"] is { } token)
            request.Headers.Add("X-XSRF-TOKEN", Uri.UnescapeDataString(token.Value));
        if (operation is { } id)
            request.Headers.Add("Operation-Id", id.ToString());
        using var response = await _http.SendAsync(request);
        return await Reply.Of(response);
    }

    /// <summary>Connects to the hub, as this person.</summary>
    public Task<LiveClient> ConnectLive() => LiveClient.Connect(Address, Cookies);

    public void Dispose() => _http.Dispose();

    private static async ValueTask<Stream> ConnectFrom(IPAddress from, DnsEndPoint to, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.Bind(new IPEndPoint(from, 0));
            await socket.ConnectAsync(to, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<Reply> Get(Uri path)
    {
        using var response = await _http.GetAsync(path);
        return await Reply.Of(response);
    }

    private Reply Remember(Reply reply)
    {
        if (reply.Status is HttpStatusCode.OK)
            Account = (string)reply.Json["account"]!["id"]!;
        return reply;
    }
}
