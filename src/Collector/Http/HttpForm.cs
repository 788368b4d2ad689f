using Kpi.Collector.Admission;
using Microsoft.AspNetCore.Http;

namespace Kpi.Collector.Http;

/// <summary>What the head of a request says of its body. Names are compared without case (RFC 9110, 8.3 and 8.4.1).</summary>
internal static class HttpForm
{
    public const string Protobuf = "application/x-protobuf";
    public const string Json = "application/json";

    /// <summary>What of compressions is taken, as <c>Accept-Encoding</c> says it.</summary>
    public const string Encodings = "gzip, deflate";

    public static bool IsProtobuf(HttpRequest request) => Is(request, Protobuf);

    public static bool IsJson(HttpRequest request) => Is(request, Json);

    /// <summary>How a body is written and compressed that is one of both types; null for a compression that is not taken.</summary>
    public static BodyEncoding? EncodingOf(HttpRequest request)
    {
        string? encoding = request.Headers.ContentEncoding;
        var json = IsJson(request);
        return encoding?.ToLowerInvariant() switch
        {
            null or "" or "identity" => json ? BodyEncoding.Json : BodyEncoding.Identity,
            "gzip" => json ? BodyEncoding.JsonGzip : BodyEncoding.Gzip,
            "deflate" => json ? BodyEncoding.JsonDeflate : BodyEncoding.Deflate,
            _ => null,
        };
    }

    private static bool Is(HttpRequest request, string wanted)
    {
        var type = request.ContentType.AsSpan();
        var end = type.IndexOf(';');
        return (end < 0 ? type : type[..end]).Trim().Equals(wanted, StringComparison.OrdinalIgnoreCase);
    }
}
