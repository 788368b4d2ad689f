using System.Collections.Frozen;
using System.Reflection;
using Microsoft.AspNetCore.Http;

namespace Kpi.Dashboard.Assets;

/// <summary>The built page, which travels inside the assembly: read once, served from memory.</summary>
internal sealed class PageFiles
{
    private const string Prefix = "page/";
    private const string Index = "index.html";

    // Which view is shown the page itself reads from its address.
    private static readonly FrozenSet<string> Views = FrozenSet.Create(StringComparer.Ordinal, "", "ingest");

    // The page loads nothing from elsewhere and talks to nobody but us; nobody may frame it.
    private const string ContentPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private readonly FrozenDictionary<string, byte[]> files = Read().ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Answers a request for a file of the page; everything else is 404.</summary>
    public async Task ServeAsync(HttpContext context)
    {
        var path = context.Request.Path.Value?.TrimStart('/') ?? "";
        var name = Views.Contains(path) ? Index : path;
        if (!files.TryGetValue(name, out var bytes))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = ContentPolicy;
        headers.XContentTypeOptions = "nosniff";

        // Files under assets/ carry a hash of their content in their names.
        headers.CacheControl = name.StartsWith("assets/", StringComparison.Ordinal) ? "public, max-age=31536000, immutable" : "no-cache";
        context.Response.ContentType = TypeOf(name);
        context.Response.ContentLength = bytes.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.BodyWriter.WriteAsync(bytes, context.RequestAborted).ConfigureAwait(false);
        }
    }

    private static IEnumerable<KeyValuePair<string, byte[]>> Read()
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var name in assembly.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            yield return KeyValuePair.Create(name[Prefix.Length..], bytes);
        }
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".svg" => "image/svg+xml",
        ".json" => "application/json",
        ".png" => "image/png",
        _ => "application/octet-stream",
    };
}
