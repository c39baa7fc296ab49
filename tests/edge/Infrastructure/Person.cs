using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace SchoolHome.Tests.Infrastructure;

/// <summary>Somebody with a browser's cookies, who does what a browser does: takes the antiforgery token and sends it along.</summary>
internal sealed class Person : IDisposable
{
    private static readonly Uri Session = new("/api/session", UriKind.Relative);

    private readonly HttpClient _http;

    private Person(Uri address, CookieContainer cookies, string? language)
    {
        (Address, Cookies) = (address, cookies);
        _http = new HttpClient(new SocketsHttpHandler { CookieContainer = cookies, AllowAutoRedirect = false }) { BaseAddress = address };
        if (language is not null)
            _http.DefaultRequestHeaders.AcceptLanguage.ParseAdd(language);
    }

    public Uri Address { get; }

    public CookieContainer Cookies { get; }

    /// <summary>The account's opaque id; empty when nobody is signed in.</summary>
    public string Account { get; private set; } = "";

    /// <summary>Opens the site: nobody is signed in yet.</summary>
    public static async Task<Person> Visit(Uri address, string? language = null)
    {
        var person = new Person(address, new CookieContainer(), language);
        _ = (await person.Get(Session)).Is(HttpStatusCode.OK);
        return person;
    }

    /// <summary>The same browser at another web process of the same site: cookies know no ports.</summary>
    public Person At(Uri address) => new(address, Cookies, null) { Account = Account };

    public async Task<JsonNode> SessionView() => (await Get(Session)).Is(HttpStatusCode.OK).Json;

    public async Task<Reply> SignInByCard(string card) => Remember(await Post("/api/demo/sign-in", new { card }));

    public async Task<Reply> SignIn(string login, string password) => Remember(await Post("/api/session/sign-in", new { login, password }));

    public Task<Reply> Get(string path) => Get(new Uri(path, UriKind.Relative));

    public Task<Reply> Post(string path, object? body = null, Guid? operation = null) => Send(HttpMethod.Post, path, body is null ? null : JsonContent.Create(body), operation);

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
