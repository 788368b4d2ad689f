namespace Kpi.SloEngine.Verdicts;

/// <summary>Bad over valid requests of a window.</summary>
/// <param name="Bad">Bad requests, weighted by what each observed one stands for; at most <paramref name="Valid"/>.</param>
/// <param name="Valid">Valid requests, weighted alike.</param>
/// <param name="Observed">Requests really seen; fewer than <paramref name="Valid"/> under sampling. Certainty comes from these
/// alone.</param>
/// <param name="AbortRatio">Requests aborted by their callers over all requests, 0..1.</param>
internal readonly record struct RatioMeasurement(long Bad, long Valid, long Observed, double AbortRatio)
{
    /// <summary>Bad over valid; null without valid requests.</summary>
    public double? Ratio => Valid > 0 ? (double)Bad / Valid : null;

    /// <summary>The 95 % interval of the ratio; 0..1 without requests.</summary>
    public Interval Interval => Valid <= Observed
        ? ProportionInterval.ClopperPearson(Bad, Valid)
        : ProportionInterval.ClopperPearson((Ratio ?? 0) * Observed, Observed);
}
