using Kpi.SloEngine.Evaluation.Counters;
using Kpi.SloEngine.Kpis;
using Kpi.SloEngine.Status;
using Kpi.SloEngine.Tiers;
using Kpi.SloEngine.Verdicts;

namespace Kpi.SloEngine.Evaluation;

/// <summary>
/// A cache's counters → its status. The ratio is that of the sums over all instances, never a mean of ratios. A cache that everything
/// went past has none: it is unavailable, not cold.
/// </summary>
internal static class CacheEvaluation
{
    public static KpiStatus Evaluate(KpiDefinition kpi, CacheHitRule rule, TierCatalogue tiers, KpiTotals totals, CounterTotals counters)
    {
        var sums = counters.All;
        var reads = sums[CacheTallies.Reads];
        var bypasses = sums[CacheTallies.Bypasses] ?? 0;
        var layers = rule.Layers.Select((layer, i) => LayerOf(layer, i, sums)).ToList();
        if (reads is null || (reads == 0 && bypasses > 0))
        {
            VerdictReason reason = bypasses > 0 ? new CacheBypassed(bypasses) : new NobodyMeasures();
            return KpiEvaluation.NotMeasured(kpi, tiers, totals.Steps.Count) with
            {
                Note = VerdictWords.For(reason, kpi, tiers.Current),
                Newest = totals.Newest?.End.ToDateTimeOffset(),
                Source = totals.Source,
                Layers = layers,
            };
        }

        var measured = MeasurementOf(sums);
        var judgements = tiers.Tiers.ToDictionary(t => t.Id, t => VerdictMath.HitRatio(measured, kpi.Targets[t.Id]));
        return KpiEvaluation.StatusOf(kpi, tiers, totals, judgements) with
        {
            Value = measured.Ratio,
            Low = measured.Reads > 0 ? measured.Interval.Low : null,
            High = measured.Reads > 0 ? measured.Interval.High : null,
            Numerator = measured.Hits,
            Denominator = measured.Reads,
            N = measured.Reads,
            Layers = layers,
            Spark = [.. counters.Steps.Select(step => step is null ? null : MeasurementOf(step).Ratio)],
        };
    }

    private static CacheMeasurement MeasurementOf(CounterSums sums) => new(sums[CacheTallies.Reads] ?? 0, sums[CacheTallies.Loads]);

    private static LayerStatus LayerOf(CacheLayer layer, int position, CounterSums sums)
    {
        var hits = sums[CacheTallies.HitsOf(position)];
        var misses = sums[CacheTallies.MissesOf(position)];
        var reached = hits + (misses ?? 0);
        return new LayerStatus(layer.Name, reached > 0 ? (double?)hits / reached : null, hits, misses);
    }
}
