namespace Kpi.SloEngine.Kpis;

/// <summary>All KPIs in the page's order, and which traffic counts for them; the model of <c>kpis.yaml</c>.</summary>
public sealed record KpiCatalogue
{
    /// <summary>The outermost services; empty means every service with server spans or metrics.</summary>
    public required IReadOnlyList<string> EntryServices { get; init; }

    /// <summary>Routes that no KPI counts: health and telemetry endpoints.</summary>
    public required IReadOnlyList<string> ExcludedRoutes { get; init; }

    /// <summary>Whether requests marked as synthetic (<c>user_agent.synthetic.type</c>) are left out.</summary>
    public required bool ExcludeSynthetic { get; init; }

    /// <summary>The KPIs, in the order of the file.</summary>
    public required IReadOnlyList<KpiDefinition> Kpis { get; init; }
}
