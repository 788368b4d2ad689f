namespace Kpi.SloEngine.Kpis;

/// <summary>A KPI that is listed with its targets but that this version does not measure yet: its verdict is "not measured".</summary>
/// <param name="Kind">The kind as written: uptime, mttr, churn or cost_per_user.</param>
/// <param name="Direction">Which way this kind improves.</param>
public sealed record UnmeasuredRule(string Kind, Better Direction) : KpiRule
{
    /// <inheritdoc/>
    public override Better Better => Direction;
}
