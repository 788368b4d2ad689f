using Kpi.SloEngine.Kpis;
using Kpi.SloEngine.Tiers;

namespace Kpi.SloEngine.Verdicts;

/// <summary>The one line under a KPI's figure: a reason in words.</summary>
internal static class VerdictWords
{
    public static string For(VerdictReason reason, KpiDefinition kpi, Tier tier) => reason switch
    {
        NobodyMeasures => "nobody measures this yet",
        CacheBypassed bypassed => $"unavailable: the cache was bypassed by all {QuantityWords.Count(bypassed.Reads)} reads",
        TooFewEvents few => $"needs at least {QuantityWords.Count(few.Needed)} {Counted(kpi)}, has {QuantityWords.Count(few.Seen)}",
        TooLittleWatched { Coverage: < 0.001 } => "nobody watched in this window",
        TooLittleWatched little => $"only {QuantityWords.Percentage(Math.Floor(little.Coverage * 1_000) / 1_000)} of the window was watched",
        MissesTarget { Over: > 0 } misses => $"{Amount(misses.Over, kpi)} {Beyond(kpi)} the {tier.Name} target",
        MissesTarget => MissedShare(kpi, tier),
        MissesGuard misses => $"more than {Guarded(misses.Guard, kpi, tier)}",
        MayMissGuard may => $"perhaps more than {Guarded(may.Guard, kpi, tier)}",
        TooCloseToCall close => $"{Side(close.Over, kpi, tier)}, too close to call from {QuantityWords.Count(close.Seen)} {Counted(kpi)}",
        BucketsTooCoarse => $"the histogram's buckets are too coarse to tell whether the {tier.Name} target is met",
        MoreLoadsThanReads more =>
            $"the counters disagree: {QuantityWords.Count(more.Loads)} loads for {QuantityWords.Count(more.Reads)} reads",
        NoLoadCounted => "no load was counted: either every read hit, or nobody counts loads",
        LittleToSpare { Spare: > 0 } little => $"meets the {tier.Name} target, only {Amount(little.Spare, kpi)} to spare",
        LittleToSpare => $"meets the {tier.Name} target, nothing to spare",
        CallersAbort abort => $"{QuantityWords.Percentage(abort.Ratio)} of {Counted(kpi)} were aborted by their callers",
        MeetsTarget meets => $"meets the {tier.Name} target, {Amount(meets.Spare, kpi)} to spare",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "a reason without words"),
    };

    private static string Amount(double amount, KpiDefinition kpi) => QuantityWords.Difference(amount, kpi.Unit);

    private static string Beyond(KpiDefinition kpi) => kpi.Rule.Better == Better.Higher ? "short of" : "over";

    private static string Side(double over, KpiDefinition kpi, Tier tier) =>
        over > 0 ? $"{Amount(over, kpi)} {Beyond(kpi)} the {tier.Name} target"
        : over < 0 ? $"within the {tier.Name} target"
        : $"exactly at the {tier.Name} target";

    /// <summary>The share fails while the quantile, known to a sketch's error, still reads as within the target.</summary>
    private static string MissedShare(KpiDefinition kpi, Tier tier) => kpi.Rule is QuantileRule rule
        ? $"more than {Slower(rule.Quantile, kpi.Targets[tier.Id], kpi)}"
        : $"exactly at the {tier.Name} target, must be {(kpi.Rule.Better == Better.Higher ? "above" : "below")} it";

    private static string Guarded(QuantileGuard guard, KpiDefinition kpi, Tier tier) =>
        $"{Slower(guard.Quantile, guard.LimitFor(kpi.Targets[tier.Id]), kpi)}, {guard.Factor} × the {tier.Name} target";

    private static string Slower(double quantile, double limit, KpiDefinition kpi) =>
        $"{QuantityWords.Percentage((double)(1 - (decimal)quantile))} of {Counted(kpi)} take longer than {QuantityWords.Duration(limit)}";

    private static string Counted(KpiDefinition kpi) => kpi.Rule switch
    {
        QuantileRule rule => rule.Counted,
        ErrorRatioRule rule => rule.Counted,
        CacheHitRule => "reads",
        _ => "events",
    };
}
