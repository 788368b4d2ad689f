using System.Text;
using Microsoft.AspNetCore.Http;

namespace Kpi.Collector.Doors;

/// <summary>
/// CORS for senders in browsers. Every answer to a known origin bears its headers, errors too, or the browser hides them; the
/// preflight needs no token, as browsers send none with it. Source: the Fetch standard, "CORS protocol".
/// </summary>
internal sealed class CrossOrigin
{
    // Browsers ask again after 5 s without this, and cap it at 2 h.
    private const string MaxAgeSeconds = "7200";

    private static readonly string[] KnownHeaders = ["content-type", "content-encoding", "authorization", "x-api-key"];

    private readonly OriginPattern[] named;
    private readonly bool any;
    private readonly string allowedHeaders;

    private CrossOrigin(OriginPattern[] origins, string allowedHeaders)
    {
        named = [.. origins.Where(o => !o.IsAny)];
        any = named.Length < origins.Length;
        this.allowedHeaders = allowedHeaders;
    }

    /// <summary>Null when no origin may send.</summary>
    public static CrossOrigin? Of(CollectorOptions options)
    {
        OriginPattern[] origins = [.. options.CorsOrigins.Select(OriginPattern.Parse).OfType<OriginPattern>()];
        return origins.Length == 0 ? null : new CrossOrigin(origins, string.Join(", ", KnownHeaders.Concat(options.CorsHeaders)));
    }

    /// <summary>Puts the headers into the answer; true when the request is a preflight, which is answered with that.</summary>
    public bool Answers(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);

        // Caches between us and the browser must not give one origin's answer to another.
        response.Headers.Vary = "Origin";
        var origin = request.Headers.Origin.ToString();
        var preflight = origin.Length > 0 && HttpMethods.IsOptions(request.Method) && request.Headers.AccessControlRequestMethod.Count > 0;
        if (Allow(origin, response.Headers))
        {
            if (preflight)
            {
                response.Headers.AccessControlAllowMethods = HttpMethods.Post;
                response.Headers.AccessControlAllowHeaders = allowedHeaders;
                response.Headers.AccessControlMaxAge = MaxAgeSeconds;
            }
            else
            {
                response.Headers.AccessControlExposeHeaders = "Retry-After, WWW-Authenticate";
            }
        }

        if (preflight)
        {
            response.StatusCode = StatusCodes.Status204NoContent;
        }

        return preflight;
    }

    private bool Allow(string origin, IHeaderDictionary answer)
    {
        // Browsers write origins in ASCII; anything else cannot stand in a header of ours.
        if (Ascii.IsValid(origin) && Array.Exists(named, o => o.Matches(origin)))
        {
            // Beacons are sent with credentials and need the second line; we have no cookies that it could open.
            answer.AccessControlAllowOrigin = origin;
            answer.AccessControlAllowCredentials = "true";
            return true;
        }

        // Whoever lets everybody in has not said that he trusts anybody with credentials.
        if (any && origin.Length > 0)
        {
            answer.AccessControlAllowOrigin = "*";
            return true;
        }

        return false;
    }
}
