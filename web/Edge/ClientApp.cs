using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;

namespace SchoolHome.Web.Edge;

/// <summary>The Vue app: built by Vite, copied beside this assembly by the build, the same in every environment.</summary>
internal static class ClientApp
{
    public static IServiceCollection AddClientApp(this IServiceCollection services) => services.AddResponseCompression(options =>
    {
        // Only files that hold no secret are compressed, so that nothing can be guessed from their size.
        options.EnableForHttps = true;
        options.MimeTypes = ["text/html", "text/css", "text/javascript", "application/javascript", "image/svg+xml", "application/manifest+json"];
    });

    public static WebApplication MapClientApp(this WebApplication app)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "client");
        if (!File.Exists(Path.Combine(folder, "index.html")))
            throw new InvalidOperationException($"The client is missing in {folder}: build the web project.");

        var files = new PhysicalFileProvider(folder);
        app.UseResponseCompression();
        app.UseStaticFiles(new StaticFileOptions { FileProvider = files, OnPrepareResponse = Cache });

        // Any other path is a screen of the app; paths of the API that do not exist are not.
        app.MapFallback("/api/{**rest}", context => Problems.Missing(context).ExecuteAsync(context));
        app.MapFallbackToFile("index.html", new StaticFileOptions { FileProvider = files, OnPrepareResponse = Cache });
        return app;
    }

    private static void Cache(StaticFileResponseContext context) =>
        // Vite puts a hash into the names under assets/: what is there never changes.
        context.Context.Response.Headers.CacheControl = context.Context.Request.Path.StartsWithSegments("/assets") ? "public, max-age=31536000, immutable" : "no-cache";
}
