using Microsoft.AspNetCore.Hosting.StaticWebAssets;
using Microsoft.Extensions.FileProviders;

namespace EdgeGateway.Api;

/// <summary>
/// The console's files below /console/, as the build left them beside the program: precompressed, with a far expiry where the name
/// carries the content's hash. They are found from the program's folder, never from the working directory.
/// </summary>
internal static class ConsoleAssets
{
    private const string Manifest = "edgegateway.staticwebassets.endpoints.json";
    private const string BuildManifest = "edgegateway.staticwebassets.runtime.json";

    // Nothing from another host; MudBlazor writes its theme into a style element, and .NET in the browser compiles WebAssembly.
    private const string Policy =
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
        "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    /// <summary>Serves the pages, and leads / to them.</summary>
    /// <returns>False when the program stands alone, without its files: then there is no console.</returns>
    public static bool MapConsole(this WebApplication app)
    {
        var folder = AppContext.BaseDirectory;
        if (!File.Exists(Path.Combine(folder, Manifest)))
            return false;
        app.Environment.WebRootFileProvider = Files(app, folder);
        app.Use(Guarded);
        app.MapMethods("/", [HttpMethods.Get, HttpMethods.Head], static () => Results.Redirect("/console/")).ExcludeFromDescription();
        app.MapStaticAssets(Path.Combine(folder, Manifest));
        // A page's own address, typed or reloaded, is the program's to read: /console/rules and the like.
        app.MapFallbackToFile("/console/{*path:nonfile}", "console/index.html");
        return true;
    }

    /// <summary>A publish has the files in wwwroot, packed; a build leaves them where they were made and says where.</summary>
    private static IFileProvider Files(WebApplication app, string folder)
    {
        if (Directory.Exists(Path.Combine(folder, "wwwroot")))
            return new UnpackedFiles(new PhysicalFileProvider(Path.Combine(folder, "wwwroot")));
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new(WebHostDefaults.StaticWebAssetsKey, Path.Combine(folder, BuildManifest))])
            .Build();
        StaticWebAssetsLoader.UseStaticWebAssets(app.Environment, configuration);
        return app.Environment.WebRootFileProvider;
    }

    private static Task Guarded(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Path.StartsWithSegments("/console", StringComparison.Ordinal))
        {
            var headers = context.Response.Headers;
            headers.ContentSecurityPolicy = Policy;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "no-referrer";
        }
        return next(context);
    }
}
