namespace Kpi.SloEngine.Kpis;

/// <summary>One KPI of the catalogue, validated.</summary>
/// <param name="Id">Stable, lower case: <c>p99_latency</c>.</param>
/// <param name="Name">As the page writes it.</param>
/// <param name="Unit">One of <see cref="KpiUnits"/>.</param>
/// <param name="Rule">How it is measured.</param>
/// <param name="Targets">Its target per tier, in <paramref name="Unit"/>.</param>
public sealed record KpiDefinition(string Id, string Name, string Unit, KpiRule Rule, TierTargets Targets)
{
    /// <summary>The values in seconds that this KPI needs counted exactly, ascending.</summary>
    public IReadOnlyList<double> ExactEdges => [.. Rule.ExactEdges(Targets)];
}
