namespace Kpi.SloEngine.Kpis;

/// <summary>Bad requests over valid requests, pooled over all selected series; strictly below the target is met.</summary>
public sealed record ErrorRatioRule : KpiRule
{
    /// <summary>PromQL instant selectors of the request metrics to pool, as written.</summary>
    public required IReadOnlyList<string> Metrics { get; init; }

    /// <summary>
    /// A larger share of requests aborted by their callers, 0..1, makes a pass "at risk": a hanging service makes users leave.
    /// </summary>
    public double? AbortLimit { get; init; }

    /// <summary>What is counted, in the plural, for the page's sentences.</summary>
    public string Counted { get; init; } = "requests";
}
