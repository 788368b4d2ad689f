namespace Kpi.SloEngine.Kpis;

/// <summary>The units a KPI can have, as they stand in <c>kpis.yaml</c> and in the scorecard's JSON.</summary>
public static class KpiUnits
{
    /// <summary>Seconds.</summary>
    public const string Seconds = "s";

    /// <summary>A ratio, 0..1.</summary>
    public const string Ratio = "1";

    /// <summary>US dollars.</summary>
    public const string Dollars = "USD";
}
