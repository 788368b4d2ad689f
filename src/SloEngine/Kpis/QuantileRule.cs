namespace Kpi.SloEngine.Kpis;

/// <summary>
/// A KPI that says "this share of all events is at most as long as the target". The figure shown is the quantile; the verdict comes from
/// the share, which an exactly counted edge gives without interpolation.
/// </summary>
public sealed record QuantileRule : KpiRule
{
    /// <summary>PromQL instant selectors of the distributions to pool, as written.</summary>
    public required IReadOnlyList<string> Metrics { get; init; }

    /// <summary>The share that must be within the target, in (0,1): 0.99 for a P99.</summary>
    public required double Quantile { get; init; }

    /// <summary>A second quantile that may only worsen the verdict; null when there is none.</summary>
    public QuantileGuard? Guard { get; init; }

    /// <summary>Routes left out of this KPI only (streams, long polls, downloads), besides the catalogue's.</summary>
    public IReadOnlyList<string> OwnExcludedRoutes { get; init; } = [];

    /// <summary>
    /// A larger share of requests aborted by their callers, 0..1, makes a pass "at risk"; null when aborts do not exist here.
    /// </summary>
    public double? AbortLimit { get; init; }

    /// <summary>What is counted, in the plural, for the page's sentences.</summary>
    public string Counted { get; init; } = "requests";

    /// <summary>
    /// The label whose value with the highest quantile is named beside the figure, such as a connection pool's name; null to name none.
    /// </summary>
    public string? WorstBy { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<double> ExactEdges(TierTargets targets)
    {
        ArgumentNullException.ThrowIfNull(targets);
        var values = targets.Values.Select(target => target.Value);
        return values.Concat(Guard is null ? [] : values.Select(Guard.LimitFor)).Distinct().Order();
    }
}
