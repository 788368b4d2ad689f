using System.ComponentModel.DataAnnotations;
using System.Net;

namespace Kpi.Collector;

/// <summary>Where the collector listens and what a request may cost.</summary>
public sealed class CollectorOptions
{
    /// <summary>Address of OTLP/gRPC (HTTP/2 without TLS); default 127.0.0.1:4317.</summary>
    [Required]
    public IPEndPoint Grpc { get; set; } = new(IPAddress.Loopback, 4317);

    /// <summary>Address of OTLP/HTTP; default 127.0.0.1:4318.</summary>
    [Required]
    public IPEndPoint Http { get; set; } = new(IPAddress.Loopback, 4318);

    /// <summary>Bytes of a request at most, as sent and again inflated, 1 KiB to 1 GiB; default 64 MiB, as OTLP recommends.</summary>
    [Range(1024, 1 << 30)]
    public int MaxRequestBytes { get; set; } = 64 << 20;

    /// <summary>Bytes of all requests under way, inflated ones included, 1 MiB to 1 TiB; default 512 MiB. At the limit senders are asked to try again.</summary>
    [Range(1L << 20, 1L << 40)]
    public long MaxBytesInFlight { get; set; } = 512L << 20;

    /// <summary>After how long a sender that met an overload should try again, 1 s to 5 min; default 2 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromSeconds(2);
}
