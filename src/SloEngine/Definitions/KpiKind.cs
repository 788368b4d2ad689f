using Kpi.SloEngine.Kpis;

namespace Kpi.SloEngine.Definitions;

/// <summary>A word that may stand after <c>kind:</c>, with the unit and the direction that come with it.</summary>
internal sealed record KpiKind(string Name, string Unit, Better Better)
{
    public const string Quantile = "quantile";
    public const string ErrorRatio = "error_ratio";
    public const string CacheHitRatio = "cache_hit_ratio";

    private static readonly KpiKind[] All =
    [
        new(Quantile, KpiUnits.Seconds, Better.Lower),
        new(ErrorRatio, KpiUnits.Ratio, Better.Lower),
        new("uptime", KpiUnits.Ratio, Better.Higher),
        new("mttr", KpiUnits.Seconds, Better.Lower),
        new(CacheHitRatio, KpiUnits.Ratio, Better.Higher),
        new("churn", KpiUnits.Ratio, Better.Lower),
        new("cost_per_user", KpiUnits.Dollars, Better.Lower),
    ];

    public static string Names => string.Join(", ", All.Select(kind => kind.Name));

    public static KpiKind? Find(string name) => All.FirstOrDefault(kind => kind.Name == name);
}
