namespace Kpi.SloEngine.Status;

/// <summary>Who sends what, what of it is not taken, and how full we are.</summary>
/// <param name="From">Since when counts count: the start of the process.</param>
/// <param name="To">When it was read.</param>
/// <param name="Watermark">Up to when all live sources have been heard; null before anybody listened.</param>
/// <param name="LastReceived">When the last body was taken; null when none was.</param>
/// <param name="Senders">The worst <see cref="MostSenders"/> first: by items rejected and requests refused for good, then by rate.</param>
/// <param name="Metrics">Those that overflowed first, then by active series.</param>
public sealed record IngestReport(
    DateTimeOffset From,
    DateTimeOffset To,
    DateTimeOffset? Watermark,
    DateTimeOffset? LastReceived,
    IReadOnlyList<SenderStatus> Senders,
    IReadOnlyList<MetricStatus> Metrics)
{
    /// <summary>Senders that are named.</summary>
    public const int MostSenders = 200;

    /// <summary>Senders that are known, named or not.</summary>
    public required int SendersInAll { get; init; }

    /// <summary>Senders whose counts were forgotten, as too many others came.</summary>
    public required long SendersForgotten { get; init; }

    /// <summary>Active series of all metrics.</summary>
    public required int Series { get; init; }

    /// <summary>The most series there may be of all metrics.</summary>
    public required int SeriesLimit { get; init; }

    /// <summary>Requests not taken, by reason.</summary>
    public required IReadOnlyList<RefusedCount> Refused { get; init; }

    /// <summary>Items not taken, by reason.</summary>
    public required IReadOnlyList<ReasonCount> Rejected { get; init; }

    /// <summary>Items taken with a remark, by reason.</summary>
    public required IReadOnlyList<ReasonCount> Remarks { get; init; }

    /// <summary>Requests that came again after they were taken, and were not counted twice.</summary>
    public required long Repeated { get; init; }

    /// <summary>The journal; null when none is written.</summary>
    public required JournalStatus? Journal { get; init; }

    /// <summary>Memory of cells not committed yet.</summary>
    public required FillStatus Uncommitted { get; init; }

    /// <summary>Where to send.</summary>
    public required IngestEndpoints Endpoints { get; init; }
}

/// <summary>Somebody who sends: an address and a service. What comes through a gateway counts with the service that a body names first.</summary>
/// <param name="Peer">Address without port; null when the connection had none.</param>
/// <param name="Service"><c>service.name</c>; null when no body told it.</param>
/// <param name="Signals"><c>traces</c>, <c>metrics</c>, <c>logs</c>.</param>
/// <param name="ItemsPerSecond">Items taken, of the last minute.</param>
/// <param name="BytesPerSecond">Bytes as sent, of the last minute.</param>
/// <param name="Items">Items taken.</param>
/// <param name="LastHeard">Its last request, taken or not.</param>
public sealed record SenderStatus(
    string? Peer,
    string? Service,
    IReadOnlyList<string> Signals,
    double ItemsPerSecond,
    double BytesPerSecond,
    long Items,
    DateTimeOffset LastHeard)
{
    /// <summary>Bytes of its bodies as sent.</summary>
    public required long Bytes { get; init; }

    /// <summary>Bytes of its messages, inflated.</summary>
    public required long InflatedBytes { get; init; }

    /// <summary>Items not taken, by reason.</summary>
    public required IReadOnlyList<ReasonCount> Rejected { get; init; }

    /// <summary>Requests not taken, by reason.</summary>
    public required IReadOnlyList<RefusedCount> Refused { get; init; }

    /// <summary>Items taken with a remark that was seen when they were decoded, by reason.</summary>
    public required IReadOnlyList<ReasonCount> Remarks { get; init; }

    /// <summary>Requests that came again after they were taken.</summary>
    public required long Repeated { get; init; }

    /// <summary>
    /// Seconds that its clock is behind ours, negative when it is ahead: receipt less the time of the newest item of a body, the least of the
    /// last minutes, as delay only ever adds. Positive may also be data that all comes late. Null when it is not known, or under 2 s, where it
    /// cannot be told from the delay of batching.
    /// </summary>
    public required double? ClockSkewSeconds { get; init; }
}

/// <summary>How often requests were refused for a reason.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Count">Requests.</param>
/// <param name="Retry">Whether the sender was asked to send the same again: then nothing was wrong with it.</param>
public sealed record RefusedCount(string Reason, long Count, bool Retry);

/// <summary>What a metric takes of the room for series.</summary>
/// <param name="Name">The metric.</param>
/// <param name="Kind"><c>counter</c>, <c>distribution</c>, <c>gauge</c>, <c>histogram</c>.</param>
/// <param name="Series">Active series.</param>
/// <param name="Limit">The most there may be.</param>
/// <param name="Overflowed">Whether further series are, or lately were, counted together in one.</param>
/// <param name="Labels">Its labels, the one with most values first.</param>
public sealed record MetricStatus(string Name, string Kind, int Series, int Limit, bool Overflowed, IReadOnlyList<LabelStatus> Labels);

/// <summary>A label of a metric.</summary>
/// <param name="Name">The label.</param>
/// <param name="Values">Different values in active series.</param>
public sealed record LabelStatus(string Name, int Values);

/// <summary>The journal.</summary>
/// <param name="Bytes">What it holds until a flush lets go of it.</param>
/// <param name="Limit">What it may hold; beyond, senders are asked to try again.</param>
/// <param name="Failures">Writes and syncs that failed.</param>
public sealed record JournalStatus(long Bytes, long Limit, long Failures);

/// <summary>How full something is.</summary>
/// <param name="Bytes">What it holds.</param>
/// <param name="Limit">What it may hold.</param>
public sealed record FillStatus(long Bytes, long Limit);
