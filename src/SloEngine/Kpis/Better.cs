namespace Kpi.SloEngine.Kpis;

/// <summary>Which way a KPI improves; a larger platform's target is never laxer in this direction.</summary>
public enum Better
{
    /// <summary>Times, errors, churn, cost.</summary>
    Lower,

    /// <summary>Uptime and cache hits.</summary>
    Higher,
}
