using Kpi.SloEngine.Kpis;

namespace Kpi.SloEngine.Verdicts;

/// <summary>What decided a verdict. Closed; amounts are in the KPI's unit.</summary>
internal abstract record VerdictReason;

/// <summary>There is no source.</summary>
internal sealed record NobodyMeasures : VerdictReason;

/// <summary>Fewer events than a claim needs.</summary>
internal sealed record TooFewEvents(long Needed, long Seen) : VerdictReason;

/// <summary>Too much of the window is unknown; <paramref name="Coverage"/> is the rest, 0..1.</summary>
internal sealed record TooLittleWatched(double Coverage) : VerdictReason;

/// <summary>Nothing went through the cache, everything past it: there is no ratio.</summary>
internal sealed record CacheBypassed(long Reads) : VerdictReason;

/// <summary>The target is missed for certain; <paramref name="Over"/> is how far the figure is on its bad side.</summary>
internal sealed record MissesTarget(double Over) : VerdictReason;

/// <summary>The guard is missed for certain.</summary>
internal sealed record MissesGuard(QuantileGuard Guard) : VerdictReason;

/// <summary>
/// The interval straddles the target; <paramref name="Over"/> is how far the figure is on its bad side, less than 0 on the good one.
/// </summary>
internal sealed record TooCloseToCall(double Over, long Seen) : VerdictReason;

/// <summary>The share within the target is known only within bounds that straddle what it must be.</summary>
internal sealed record BucketsTooCoarse : VerdictReason;

/// <summary>The guard may be missed.</summary>
internal sealed record MayMissGuard(QuantileGuard Guard) : VerdictReason;

/// <summary>The origin was loaded more often than the cache was read.</summary>
internal sealed record MoreLoadsThanReads(long Loads, long Reads) : VerdictReason;

/// <summary>No counter of loads was heard: all reads hit, or nobody counts loads.</summary>
internal sealed record NoLoadCounted : VerdictReason;

/// <summary>Met, with less than a tenth of the allowance left.</summary>
internal sealed record LittleToSpare(double Spare) : VerdictReason;

/// <summary>Met, but callers give up too often: what hangs is not counted as slow or bad.</summary>
internal sealed record CallersAbort(double Ratio) : VerdictReason;

/// <summary>Met.</summary>
internal sealed record MeetsTarget(double Spare) : VerdictReason;
