namespace Kpi.Rollups.Intake;

/// <summary>What is known of a request when it is noted with its sender; slices of the request, copied only when the sender is new.</summary>
public readonly ref struct HeardBody
{
    /// <summary>The sender's address without its port, in UTF-8; empty when the connection had none.</summary>
    public ReadOnlySpan<byte> Peer { get; init; }

    /// <summary><c>service.name</c> of the first resource, in UTF-8; empty when it is not known.</summary>
    public ReadOnlySpan<byte> Service { get; init; }

    /// <summary>What the request carries; null when that was never clear.</summary>
    public TelemetrySignal? Signal { get; init; }

    /// <summary>When it was received, in nanoseconds since 1970.</summary>
    public required long Receipt { get; init; }

    /// <summary>Bytes of the body as they were sent; 0 when it was not read.</summary>
    public int SentBytes { get; init; }

    /// <summary>Bytes of the message; 0 when it was not read.</summary>
    public int InflatedBytes { get; init; }
}
