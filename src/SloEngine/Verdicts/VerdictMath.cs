using Kpi.SloEngine.Kpis;

namespace Kpi.SloEngine.Verdicts;

/// <summary>
/// Measurement, rule and target → verdict with its reason. Precedence: not measured, insufficient data, fail, at risk, pass. So a hundred
/// requests that all failed are still "insufficient data" for a target that needs 2,995.
/// </summary>
internal static class VerdictMath
{
    /// <summary>A target is met comfortably up to this part of its allowance.</summary>
    private const double Comfortable = 0.9;

    /// <summary>
    /// Room for rounding where a figure stands exactly at nine tenths of its target: some thousand units in the last place.
    /// </summary>
    private const double Rounding = 1 + 1e-12;

    /// <summary>The verdict of a bad ratio that must be strictly below <paramref name="target"/>.</summary>
    public static Judgement Ratio(RatioMeasurement? measurement, ErrorRatioRule rule, double target) =>
        measurement is { } measured ? Below(measured, target, rule.AbortLimit) : Judgement.NotMeasured;

    /// <summary>
    /// The verdict of a hit ratio that must be strictly above <paramref name="target"/>: its misses must be strictly below what the
    /// target allows. Subtracted in decimal: 1 − 0.8 must be 0.2, not its neighbour.
    /// </summary>
    public static Judgement HitRatio(CacheMeasurement measured, double target)
    {
        var judgement = Below(measured.MissRatio, (double)(1 - (decimal)target), abortLimit: null);
        return judgement.Verdict == Verdict.InsufficientData ? judgement
            : measured.IsContradictory ? new(Verdict.AtRisk, new MoreLoadsThanReads(measured.Loads!.Value, measured.Reads))
            : measured.Loads is null ? new(Verdict.AtRisk, new NoLoadCounted())
            : judgement;
    }

    /// <summary>The verdict of a quantile: the share within <paramref name="target"/> must be at least the rule's quantile.</summary>
    public static Judgement Quantile(QuantileMeasurement? measurement, QuantileRule rule, double target)
    {
        if (measurement is not { } measured)
        {
            return Judgement.NotMeasured;
        }

        var needed = MinimumEvidence.ForQuantile(rule.Quantile);
        if (measured.Observed < needed)
        {
            return new(Verdict.InsufficientData, new TooFewEvents(needed, measured.Observed));
        }

        var interval = ProportionInterval.Around(measured.Share, measured.Observed);
        if (interval.High < rule.Quantile)
        {
            return new(Verdict.Fail, new MissesTarget(measured.Value - target));
        }

        var guard = GuardVerdict(measured, rule.Guard);
        if (guard is { Verdict: Verdict.Fail })
        {
            return guard;
        }

        return interval.Low < rule.Quantile ? new(Verdict.AtRisk, WhyStraddling(measured, rule.Quantile, target))
            : guard ?? Met(measured.Value, target, measured.AbortRatio, rule.AbortLimit);
    }

    private static Judgement Below(RatioMeasurement measured, double target, double? abortLimit)
    {
        var needed = MinimumEvidence.ForRatioBelow(target);
        var seen = Math.Min(measured.Observed, measured.Valid);
        if (seen < needed)
        {
            return new(Verdict.InsufficientData, new TooFewEvents(needed, seen));
        }

        var ratio = measured.Ratio ?? 0; // valid ≥ needed ≥ 1
        var interval = measured.Interval;
        return interval.Low >= target ? new(Verdict.Fail, new MissesTarget(ratio - target))
            : interval.High >= target ? new(Verdict.AtRisk, new TooCloseToCall(ratio - target, seen))
            : Met(ratio, target, measured.AbortRatio, abortLimit);
    }

    /// <summary>The guard can only worsen: null when it has nothing to say.</summary>
    private static Judgement? GuardVerdict(QuantileMeasurement measured, QuantileGuard? guard)
    {
        if (guard is null || measured.GuardShare is not { } share)
        {
            return null;
        }

        return ProportionInterval.Around(share, measured.Observed).High < guard.Quantile ? new(Verdict.Fail, new MissesGuard(guard))
            : share.Low < guard.Quantile ? new(Verdict.AtRisk, new MayMissGuard(guard))
            : null;
    }

    /// <summary>
    /// More events help when either bound alone would straddle; when each is clear on its own side, only finer buckets do.
    /// </summary>
    private static VerdictReason WhyStraddling(QuantileMeasurement measured, double quantile, double target)
    {
        var lower = ProportionInterval.Around(Interval.Exactly(measured.Share.Low), measured.Observed);
        var upper = ProportionInterval.Around(Interval.Exactly(measured.Share.High), measured.Observed);
        return lower.High < quantile && upper.Low >= quantile
            ? new BucketsTooCoarse()
            : new TooCloseToCall(measured.Value - target, measured.Observed);
    }

    private static Judgement Met(double value, double target, double abortRatio, double? abortLimit) =>
        value > Comfortable * target * Rounding ? new(Verdict.AtRisk, new LittleToSpare(target - value))
            : abortRatio > abortLimit ? new(Verdict.AtRisk, new CallersAbort(abortRatio))
            : new(Verdict.Pass, new MeetsTarget(target - value));
}
