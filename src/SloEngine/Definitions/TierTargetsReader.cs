using Kpi.SloEngine.Definitions.Yaml;
using Kpi.SloEngine.Kpis;
using Kpi.SloEngine.Tiers;

namespace Kpi.SloEngine.Definitions;

/// <summary><c>targets:</c> of a KPI → <see cref="TierTargets"/>: one for every tier, never laxer for a larger one.</summary>
internal sealed class TierTargetsReader(TierCatalogue? tiers, ProblemList problems)
{
    private sealed record Target(YamlText Written, string Tier, double Value);

    /// <summary>The targets in tier order, or null with all problems noted.</summary>
    public TierTargets? Read(SpecMap spec, KpiKind kind)
    {
        var before = problems.Count;
        if (spec.Tree("targets") is not { } value || SpecMap.Of(value, "'targets'", problems) is not { } map)
        {
            return null;
        }

        if (tiers is null)
        {
            foreach (var entry in ((YamlMap)value).Entries)
            {
                TargetFor(map, entry.Key.Value, kind);
            }

            return null;
        }

        var targets = tiers.Tiers.Select(tier => TargetFor(map, tier.Id, kind)).OfType<Target>().ToList();
        map.RefuseOthers();
        foreach (var (smaller, larger) in targets.Zip(targets.Skip(1)))
        {
            CheckOrder(smaller, larger, kind.Better);
        }

        return problems.Count > before ? null : new TierTargets(targets.Select(target => KeyValuePair.Create(target.Tier, target.Value)));
    }

    private Target? TargetFor(SpecMap map, string tier, KpiKind kind)
    {
        if (map.Text(tier) is not { } written)
        {
            return null;
        }

        var (value, problem) = TargetFormat.Parse(written.Value, kind.Unit);
        if (problem is not null)
        {
            problems.Add(written.Place, problem);
            return null;
        }

        return new Target(written, tier, value);
    }

    private void CheckOrder(Target smaller, Target larger, Better better)
    {
        if (better == Better.Lower ? larger.Value > smaller.Value : larger.Value < smaller.Value)
        {
            problems.Add(
                larger.Written.Place,
                $"the target of {larger.Tier} ({larger.Written.Value}) is laxer than that of {smaller.Tier} ({smaller.Written.Value})");
        }
    }
}
