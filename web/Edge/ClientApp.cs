using System.Collections.Frozen;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace SchoolHome.Web.Edge;

/// <summary>The Vue app: built by Vite, copied beside this assembly by the build, the same in every environment.</summary>
internal static class ClientApp
{
    /// <summary>The ending of a file's twin that the build has compressed once and for all.</summary>
    private const string Twin = ".br";

    private static readonly FileExtensionContentTypeProvider Types = new();

    public static IServiceCollection AddClientApp(this IServiceCollection services) => services.AddResponseCompression(options =>
    {
        // Only files that hold no secret are compressed, so that nothing can be guessed from their size.
        options.EnableForHttps = true;
        options.MimeTypes = ["text/html", "text/css", "text/javascript", "application/javascript", "image/svg+xml", "application/manifest+json"];
    });

    /// <summary>The client's files. Before anybody is asked who they are: they are the same for all, and must come also while the actors do not answer.</summary>
    public static WebApplication UseClientFiles(this WebApplication app)
    {
        var folder = Folder;
        if (!File.Exists(Path.Combine(folder, "index.html")))
            throw new InvalidOperationException($"The client is missing in {folder}: build the web project.");

        app.UseResponseCompression();
        app.UseTwins(folder);
        app.UseStaticFiles(Files(folder));
        return app;
    }

    /// <summary>The client's screens.</summary>
    public static WebApplication MapClientApp(this WebApplication app)
    {
        // Any other path is a screen of the app; paths of the API that do not exist are not.
        app.MapFallback("/api/{**rest}", context => Problems.Missing(context).ExecuteAsync(context));
        app.MapFallbackToFile("index.html", Files(Folder));
        return app;
    }

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "client");

    private static StaticFileOptions Files(string folder) =>
        new() { FileProvider = new PhysicalFileProvider(folder), ContentTypeProvider = new TypesOfTwins(), OnPrepareResponse = Describe };

    /// <summary>Sends whoever understands it to a file's compressed twin.</summary>
    private static void UseTwins(this IApplicationBuilder app, string folder)
    {
        var twins = Directory.EnumerateFiles(folder, "*" + Twin, SearchOption.AllDirectories)
            .Select(file => "/" + Path.GetRelativePath(folder, file[..^Twin.Length]).Replace('\\', '/'))
            .ToFrozenSet(StringComparer.Ordinal);
        _ = app.Use((context, next) =>
        {
            if (context.Request.Path.Value is { } path && twins.Contains(path) && TakesBrotli(context.Request.Headers.AcceptEncoding))
                context.Request.Path = path + Twin;
            return next(context);
        });
    }

    private static bool TakesBrotli(StringValues encodings) =>
        StringWithQualityHeaderValue.TryParseList(encodings, out var accepted) && accepted.Any(one => one.Value.Equals("br", StringComparison.OrdinalIgnoreCase) && one.Quality is not 0);

    private static void Describe(StaticFileResponseContext context)
    {
        var headers = context.Context.Response.Headers;
        // Vite puts a hash into the names under assets/: what is there never changes.
        headers.CacheControl = context.Context.Request.Path.StartsWithSegments("/assets") ? "public, max-age=31536000, immutable" : "no-cache";
        if (!context.File.Name.EndsWith(Twin, StringComparison.Ordinal))
            return;

        headers.ContentEncoding = "br";
        headers.Append(HeaderNames.Vary, HeaderNames.AcceptEncoding);
    }

    /// <summary>A twin is of the type of its file.</summary>
    private sealed class TypesOfTwins : IContentTypeProvider
    {
        public bool TryGetContentType(string subpath, out string contentType) =>
            Types.TryGetContentType(subpath.EndsWith(Twin, StringComparison.Ordinal) ? subpath[..^Twin.Length] : subpath, out contentType!);
    }
}
