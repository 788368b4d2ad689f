using Kpi.Rollups.Reading;
using Kpi.SloEngine.Kpis;
using Kpi.SloEngine.Status;
using Kpi.SloEngine.Tiers;
using Kpi.SloEngine.Verdicts;

namespace Kpi.SloEngine.Evaluation;

/// <summary>A KPI's totals → its status: figure, interval, verdict per tier, words.</summary>
internal static class KpiEvaluation
{
    // No interval is reckoned of more, nor would anybody see it.
    private const long MostEvidence = 1_000_000_000_000;

    public static KpiStatus Evaluate(KpiDefinition kpi, TierCatalogue tiers, KpiTotals totals) => kpi.Rule switch
    {
        QuantileRule rule when totals.All.Durations.Measured > 0 => Quantile(kpi, rule, tiers, totals),
        CacheHitRule rule when totals.Counters is { } counters => CacheEvaluation.Evaluate(kpi, rule, tiers, totals, counters),
        ErrorRatioRule rule when totals.All.Durations.Count > 0 => ErrorRatio(kpi, rule, tiers, totals),
        _ => NotMeasured(kpi, tiers, totals.Steps.Count),
    };

    private static KpiStatus Quantile(KpiDefinition kpi, QuantileRule rule, TierCatalogue tiers, KpiTotals totals)
    {
        var durations = totals.All.Durations;
        var evidence = EvidenceWithValue(durations);
        var value = durations.Quantile(rule.Quantile)!.Value;
        var (low, high) = IntervalOf(durations, rule.Quantile, evidence);
        var shares = tiers.Tiers.ToDictionary(t => t.Id, t => ShareWithin(durations, kpi.Targets[t.Id]));
        var judgements = tiers.Tiers.ToDictionary(t => t.Id, t => VerdictMath.Quantile(
            new QuantileMeasurement(
                shares[t.Id],
                rule.Guard is { } guard ? ShareWithin(durations, guard.LimitFor(kpi.Targets[t.Id])) : null,
                evidence,
                value.Value,
                totals.All.AbortRatio),
            rule,
            kpi.Targets[t.Id]));
        return StatusOf(kpi, tiers, totals, judgements) with
        {
            Value = value.Value,
            Low = low,
            High = high,
            Numerator = Middle(shares[tiers.Current.Id]),
            Denominator = durations.Measured,
            N = WithValue(durations, durations.Observed),
            Shares = shares.ToDictionary(s => s.Key, s => (double?)Middle(s.Value)),
            Quantile = rule.Quantile,
            Worst = rule.WorstBy is { } label && totals.Groups is { } groups ? WorstOf(groups, label, rule.Quantile) : null,
            Spark = [.. totals.Steps.Select(step => step?.Durations.Quantile(rule.Quantile)?.Value)],
        };
    }

    private static KpiStatus ErrorRatio(KpiDefinition kpi, ErrorRatioRule rule, TierCatalogue tiers, KpiTotals totals)
    {
        var measured = MeasurementOf(totals.All);
        var judgements = tiers.Tiers.ToDictionary(t => t.Id, t => VerdictMath.Ratio(measured, rule, kpi.Targets[t.Id]));
        var status = StatusOf(kpi, tiers, totals, judgements);
        var interval = measured.Interval;
        return status with
        {
            Value = measured.Ratio,
            Low = measured.Valid > 0 ? interval.Low : null,
            High = measured.Valid > 0 ? interval.High : null,
            Numerator = measured.Bad,
            Denominator = measured.Valid,
            N = totals.All.Durations.Observed - totals.All.AbortedObserved,
            Spark = [.. totals.Steps.Select(step => step is null ? null : MeasurementOf(step).Ratio)],
        };
    }

    /// <summary>Everything null and every verdict "not measured".</summary>
    public static KpiStatus NotMeasured(KpiDefinition kpi, TierCatalogue tiers, int steps) => new(
        kpi.Id, kpi.Name, kpi.Unit, null, null, null, null, null, null, null, null,
        TargetsOf(kpi),
        tiers.Tiers.ToDictionary(t => t.Id, _ => Verdict.NotMeasured.WireName()),
        VerdictWords.For(Judgement.NotMeasured.Reason, kpi, tiers.Current),
        null,
        new double?[steps])
    {
        Quantile = (kpi.Rule as QuantileRule)?.Quantile,
        Layers = kpi.Rule is CacheHitRule rule ? [.. rule.Layers.Select(layer => new LayerStatus(layer.Name, null, null, null))] : null,
        Shares = kpi.Rule is QuantileRule ? tiers.Tiers.ToDictionary(t => t.Id, _ => (double?)null) : null,
    };

    /// <summary>The judgements, in words too; the figures are for the caller to add.</summary>
    public static KpiStatus StatusOf(KpiDefinition kpi, TierCatalogue tiers, KpiTotals totals, Dictionary<string, Judgement> judgements) =>
        NotMeasured(kpi, tiers, 0) with
        {
            Source = totals.Source,
            Verdicts = judgements.ToDictionary(j => j.Key, j => j.Value.Verdict.WireName()),
            Note = VerdictWords.For(judgements[tiers.Current.Id].Reason, kpi, tiers.Current),
            Newest = totals.Newest?.End.ToDateTimeOffset(),
        };

    private static Dictionary<string, double> TargetsOf(KpiDefinition kpi) => kpi.Targets.Values.ToDictionary();

    // Of the evidence the valid requests have the part that they have of the observations.
    private static RatioMeasurement MeasurementOf(StepTotals totals)
    {
        var (evidence, observed) = (Math.Min(totals.Durations.Evidence(), MostEvidence), totals.Durations.Observed);
        var valid = observed - totals.AbortedObserved;
        return new RatioMeasurement(
            totals.Bad,
            totals.Durations.Count - totals.Aborted,
            evidence == observed ? valid : (long)((Int128)valid * evidence / observed),
            totals.AbortRatio);
    }

    private static WorstStatus? WorstOf(GroupTotals groups, string label, double quantile)
    {
        var needed = MinimumEvidence.ForQuantile(quantile);
        var known = groups.Groups.Select(g => (Name: g.Key, g.Value.Durations))
            .Where(g => g.Durations.Measured > 0 && EvidenceWithValue(g.Durations) >= needed)
            .Select(g => new WorstStatus(label, g.Name, g.Durations.Quantile(quantile)!.Value.Value, WithValue(g.Durations, g.Durations.Observed)))
            .OrderByDescending(g => g.Value).ThenBy(g => g.Name, StringComparer.Ordinal).ToList();
        return known.Count > 1 && !groups.TooMany ? known[0] : null;
    }

    private static Interval ShareWithin(Distribution durations, double target)
    {
        var (low, high) = durations.CountAtMost(target);
        return new Interval((double)low / durations.Measured, (double)high / durations.Measured);
    }

    private static double Middle(Interval share) => (share.Low + share.High) / 2;

    // Ranks are of the observed sample; under sampling they are stretched to the weighted counts that the sketch holds.
    private static (double? Low, double? High) IntervalOf(Distribution durations, double quantile, long evidence)
    {
        var ranks = QuantileRanks.For(quantile, evidence);
        return (Known(At(ranks.Low)?.Low), Known(At(ranks.High)?.High));

        SketchValue? At(long? rank) => rank is not { } given ? null
            : durations.AtRank(Math.Clamp((long)((((Int128)given * durations.Measured) + evidence - 1) / evidence), 1, durations.Measured));
    }

    // A histogram's last bucket has no end, and where its values may lie none is known.
    private static double? Known(double? bound) => bound is { } known && double.IsFinite(known) ? known : null;

    private static long EvidenceWithValue(Distribution durations) => Math.Min(WithValue(durations, durations.Evidence()), MostEvidence);

    // Observations without a value are counted by weight; sampled ones among them are taken as sampled like the rest.
    private static long WithValue(Distribution durations, long of) => durations.Valueless == 0
        ? of
        : Math.Max(1, (long)((Int128)of * durations.Measured / durations.Count));
}
