namespace Kpi.Rollups.Intake;

/// <summary>What a sender has sent since the process started, or since it was first heard after it had been forgotten.</summary>
/// <param name="Peer">Its address without port; empty when the connection had none.</param>
/// <param name="Service">Its <c>service.name</c>; empty when no body told it.</param>
public sealed record SenderReading(string Peer, string Service)
{
    /// <summary>What it sends.</summary>
    public required IReadOnlyList<TelemetrySignal> Signals { get; init; }

    /// <summary>Items taken.</summary>
    public required long Items { get; init; }

    /// <summary>Bytes of its bodies as they were sent.</summary>
    public required long SentBytes { get; init; }

    /// <summary>Bytes of its messages.</summary>
    public required long InflatedBytes { get; init; }

    /// <summary>Requests that came again after they were taken.</summary>
    public required long Repeated { get; init; }

    /// <summary>Items taken a second, of the last minute.</summary>
    public required double ItemsPerSecond { get; init; }

    /// <summary>Bytes a second as they were sent, of the last minute.</summary>
    public required double BytesPerSecond { get; init; }

    /// <summary>When it was last heard, in nanoseconds since 1970.</summary>
    public required long LastHeard { get; init; }

    /// <summary>How far its clock seems to be behind ours, negative when ahead; null when no times came in the last minutes. It includes the least delay.</summary>
    public required TimeSpan? ClockBehind { get; init; }

    /// <summary>Reasons that occurred, in requests, items and remarks.</summary>
    public required IReadOnlyDictionary<RejectReason, long> Reasons { get; init; }
}
