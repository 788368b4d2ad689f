using Kpi.SloEngine.Status;

namespace Kpi.Dashboard.Live;

/// <summary>What changed between two statuses of a window; parts that changed are sent whole.</summary>
/// <param name="Window">Name of the window.</param>
/// <param name="Version">Version of the newer status.</param>
/// <param name="Base">
/// Version of the older one: who holds another asks for the whole again. When the list of KPIs or the step of the lines is another one,
/// nothing can be built upon the older status, and this is the newer version itself.
/// </param>
/// <param name="At">When the newer one was evaluated.</param>
/// <param name="From">Begin of its window, not inside.</param>
/// <param name="To">End of its window, inside.</param>
/// <param name="Watermark">Up to when all live sources have been heard; null before anybody listened.</param>
/// <param name="LineFrom">Where its lines' first step begins.</param>
/// <param name="Tier">Where the platform stands.</param>
/// <param name="Kpis">KPIs that changed.</param>
/// <param name="Services">Services that changed or are new.</param>
/// <param name="Gone">Services that are no longer there.</param>
/// <param name="Ingest">Null when unchanged.</param>
/// <param name="Problems">Null when unchanged.</param>
public sealed record StatusDelta(
    string Window,
    long Version,
    long Base,
    DateTimeOffset At,
    DateTimeOffset From,
    DateTimeOffset To,
    DateTimeOffset? Watermark,
    DateTimeOffset LineFrom,
    TierStatus Tier,
    IReadOnlyList<KpiStatus> Kpis,
    IReadOnlyList<ServiceStatus> Services,
    IReadOnlyList<string> Gone,
    IngestStatus? Ingest,
    IReadOnlyList<ProblemStatus>? Problems)
{
    /// <summary>The way from one status to another. Parts are compared by reference: the board keeps unchanged ones.</summary>
    public static StatusDelta Between(WindowStatus older, WindowStatus newer)
    {
        var kpis = older.Kpis.ToHashSet(ReferenceEqualityComparer.Instance);
        var services = older.Services.ToHashSet(ReferenceEqualityComparer.Instance);
        return new StatusDelta(
            newer.Window,
            newer.Version,
            CanBuildOn(older, newer) ? older.Version : newer.Version,
            newer.At,
            newer.From,
            newer.To,
            newer.Watermark,
            newer.LineFrom,
            newer.Tier,
            [.. newer.Kpis.Where(k => !kpis.Contains(k))],
            [.. newer.Services.Where(s => !services.Contains(s))],
            [.. older.Services.Select(s => s.Service).Except(newer.Services.Select(s => s.Service))],
            ReferenceEquals(older.Ingest, newer.Ingest) ? null : newer.Ingest,
            ReferenceEquals(older.Problems, newer.Problems) ? null : newer.Problems);
    }

    private static bool CanBuildOn(WindowStatus older, WindowStatus newer) =>
        older.StepSeconds == newer.StepSeconds && older.Kpis.Select(k => k.Id).SequenceEqual(newer.Kpis.Select(k => k.Id));
}
