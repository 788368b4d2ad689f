namespace Kpi.SloEngine.Verdicts;

/// <summary>A distribution of a window, seen from one tier's target.</summary>
/// <param name="Share">Share of the events within the target; without width when the target is an exactly counted edge.</param>
/// <param name="GuardShare">Share within the guard's limit; null when it is not known or the rule has no guard.</param>
/// <param name="Observed">Events really seen, before any weighting.</param>
/// <param name="Value">The quantile itself, in seconds.</param>
/// <param name="AbortRatio">Requests aborted by their callers over all requests, 0..1.</param>
internal readonly record struct QuantileMeasurement(Interval Share, Interval? GuardShare, long Observed, double Value, double AbortRatio);
