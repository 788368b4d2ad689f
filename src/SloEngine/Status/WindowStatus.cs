using System.Text.Json.Serialization;

namespace Kpi.SloEngine.Status;

/// <summary>Everything the page shows of a window at an instant. Immutable, published whole.</summary>
/// <param name="Version">One more with each evaluation in this process.</param>
/// <param name="At">When it was evaluated.</param>
/// <param name="Window">Name of the window.</param>
/// <param name="From">Begin of the window, not inside.</param>
/// <param name="To">End of the window, inside: the next 10 s edge.</param>
/// <param name="Watermark">Up to when all live sources have been heard; null before anybody listened.</param>
/// <param name="StepSeconds">Step of the lines.</param>
/// <param name="Tier">Where the platform stands.</param>
/// <param name="Kpis">All KPIs, in the catalogue's order.</param>
/// <param name="Services">All services with requests in the window, by name.</param>
/// <param name="Ingest">What came in since the process started.</param>
/// <param name="Problems">Why the definition files as they are now are not in force.</param>
/// <param name="Build">Version of the program.</param>
public sealed record WindowStatus(
    long Version,
    DateTimeOffset At,
    string Window,
    DateTimeOffset From,
    DateTimeOffset To,
    DateTimeOffset? Watermark,
    int StepSeconds,
    TierStatus Tier,
    IReadOnlyList<KpiStatus> Kpis,
    IReadOnlyList<ServiceStatus> Services,
    IngestStatus Ingest,
    IReadOnlyList<ProblemStatus> Problems,
    string Build)
{
    /// <summary>
    /// Where the lines' first step begins: at <see cref="From"/> or less than a step before it. Steps stay in place while the window
    /// moves over them, so that a line's points do not change under the eye.
    /// </summary>
    public DateTimeOffset LineFrom { get; init; }

    /// <summary>
    /// Receipt of the oldest body that this evaluation is the first to show, as a timestamp of the process's clock; 0 without any.
    /// </summary>
    [JsonIgnore]
    public long OldestReceipt { get; init; }
}

/// <summary>Where the platform stands.</summary>
/// <param name="Users">Monthly active users; null when nobody stated them.</param>
/// <param name="Current">Id of the tier whose targets apply.</param>
/// <param name="Next">Id of the tier to grow into; null at the largest.</param>
public sealed record TierStatus(long? Users, string Current, string? Next);

/// <summary>A mistake in a definition file; the last good version stays in force.</summary>
public sealed record ProblemStatus(string File, int Line, int Column, string Message);
