using System.ComponentModel.DataAnnotations;
using System.Net;

namespace Kpi.Collector;

/// <summary>Where the collector listens and what a request may cost.</summary>
public sealed class CollectorOptions
{
    /// <summary>The highest that <see cref="MaxRequestBytes"/> may be: 1 GiB.</summary>
    public const int MostRequestBytes = 1 << 30;

    /// <summary>Address of OTLP/gRPC (HTTP/2, with TLS or without); default 127.0.0.1:4317.</summary>
    [Required]
    public IPEndPoint Grpc { get; set; } = new(IPAddress.Loopback, 4317);

    /// <summary>Address of OTLP/HTTP; default 127.0.0.1:4318.</summary>
    [Required]
    public IPEndPoint Http { get; set; } = new(IPAddress.Loopback, 4318);

    /// <summary>Bytes of a request at most, as sent and again inflated, 1 KiB to 1 GiB; default 64 MiB, as OTLP recommends.</summary>
    [Range(1024, MostRequestBytes)]
    public int MaxRequestBytes { get; set; } = 64 << 20;

    /// <summary>Bytes of all requests under way, inflated ones included, 1 MiB to 1 TiB; default 512 MiB. At the limit senders are asked to try again.</summary>
    [Range(1L << 20, 1L << 40)]
    public long MaxBytesInFlight { get; set; } = 512L << 20;

    /// <summary>After how long at least a sender that met an overload should try again, 1 s to 5 min; default 2 s. Each is told a time up to twice that.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Requests that one HTTP/2 connection may have under way, 100 to 10,000; default 100. Not fewer: clients send as many before they
    /// hear what is allowed; with a limit of 7 a connection was closed on them (STREAM_CLOSED).
    /// </summary>
    [Range(100, 10_000)]
    public int MaxStreamsPerConnection { get; set; } = 100;

    /// <summary>File of the senders' tokens, one per line, 1,000 at most; null, the default, asks for none.</summary>
    public string? TokenFile { get; set; }

    /// <summary>Certificate of both ports in PEM, its chain behind it; null, the default, is no TLS.</summary>
    public string? TlsCert { get; set; }

    /// <summary>Its key in PEM, not encrypted.</summary>
    public string? TlsKey { get; set; }

    /// <summary>Whose client certificates are asked for and taken, in PEM; null, the default, asks for none.</summary>
    public string? TlsClientCa { get; set; }

    /// <summary>Origins whose pages may send to the HTTP port; none by default. One <c>*</c> each may stand for a part of the host.</summary>
    public IList<string> CorsOrigins { get; } = [];

    /// <summary>Request headers that such pages may set besides those of OTLP; none by default.</summary>
    public IList<string> CorsHeaders { get; } = [];
}
