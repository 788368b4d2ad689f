using Kpi.Rollups.Identity;
using Kpi.SloEngine.Kpis;
using Kpi.SloEngine.Tiers;

namespace Kpi.SloEngine.Definitions;

/// <summary>Everything the alerts folder defines, validated and immutable.</summary>
/// <param name="Kpis">The model of <c>kpis.yaml</c>.</param>
/// <param name="Tiers">The model of <c>tiers.yaml</c>.</param>
public sealed record DefinitionSet(KpiCatalogue Kpis, TierCatalogue Tiers)
{
    /// <summary>The model of <c>labels.yaml</c>; empty without the file.</summary>
    public LabelPolicy Labels { get; init; } = LabelPolicy.None;
}
