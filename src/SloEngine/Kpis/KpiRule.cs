namespace Kpi.SloEngine.Kpis;

/// <summary>How a KPI is measured. Closed: quantile, error ratio, cache hit ratio, or not measured by this version.</summary>
public abstract record KpiRule
{
    private protected KpiRule()
    {
    }

    /// <summary>Which way the KPI improves.</summary>
    public virtual Better Better => Better.Lower;

    /// <summary>
    /// The values in seconds at which distributions must be counted exactly, so that the share within a target is a count and not an
    /// interpolation. Empty for what is not a distribution.
    /// </summary>
    public virtual IEnumerable<double> ExactEdges(TierTargets targets) => [];
}
