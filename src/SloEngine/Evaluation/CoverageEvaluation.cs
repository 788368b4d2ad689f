using Kpi.Rollups.Coverage;
using Kpi.SloEngine.Kpis;
using Kpi.SloEngine.Status;
using Kpi.SloEngine.Tiers;
using Kpi.SloEngine.Verdicts;

namespace Kpi.SloEngine.Evaluation;

/// <summary>
/// What was watched of a window → what its figures are worth. Unknown is neither good nor bad nor zero: it leaves gaps in the lines, and
/// with too little known there is no verdict.
/// </summary>
internal static class CoverageEvaluation
{
    /// <summary>The KPI as the coverage of its sources leaves it.</summary>
    /// <param name="steps">What was watched of its sources, step by step.</param>
    public static KpiStatus Apply(KpiStatus status, KpiDefinition kpi, TierCatalogue tiers, IReadOnlyList<WatchedShare> steps)
    {
        // Nobody measures it and nobody fell silent who did; or somebody does and says that there is no figure.
        var coverage = Sum(steps).Ratio;
        var isMeasured = status.Verdicts.Values.Any(v => v != Verdict.NotMeasured.WireName());
        if (coverage is not { } ratio || (!isMeasured && (status.Newest is not null || ratio >= MinimumEvidence.Coverage)))
        {
            return status;
        }

        var covered = status with { Coverage = ratio, Spark = WithGaps(status.Spark, steps) };
        if (ratio >= MinimumEvidence.Coverage)
        {
            return covered;
        }

        // Words about too few events say more than those about time, and are true as well.
        var tooFew = status.Verdicts[tiers.Current.Id] == Verdict.InsufficientData.WireName();
        return covered with
        {
            Verdicts = tiers.Tiers.ToDictionary(t => t.Id, _ => Verdict.InsufficientData.WireName()),
            Note = tooFew ? status.Note : VerdictWords.For(new TooLittleWatched(ratio), kpi, tiers.Current),
        };
    }

    /// <summary>The service as our own coverage leaves it.</summary>
    public static ServiceStatus Apply(ServiceStatus status, IReadOnlyList<WatchedShare> steps) =>
        Sum(steps).Ratio is { } ratio ? status with { Coverage = ratio, Spark = WithGaps(status.Spark, steps) } : status;

    private static WatchedShare Sum(IReadOnlyList<WatchedShare> steps) => steps.Aggregate(default(WatchedShare), (sum, step) => sum + step);

    private static IReadOnlyList<double?> WithGaps(IReadOnlyList<double?> line, IReadOnlyList<WatchedShare> steps) =>
        [.. line.Select((value, i) => i < steps.Count && steps[i].Ratio < MinimumEvidence.Coverage ? null : value)];
}
