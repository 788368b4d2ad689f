using Kpi.SloEngine.Definitions.Yaml;
using Kpi.SloEngine.Tiers;

namespace Kpi.SloEngine.Definitions;

/// <summary><c>tiers.yaml</c> → <see cref="TierCatalogue"/>.</summary>
internal static class TierCatalogueReader
{
    /// <summary>The catalogue, or null with all problems noted.</summary>
    public static TierCatalogue? Read(YamlTree root, ProblemList problems)
    {
        if (SpecMap.Of(root, "the file", problems) is not { } spec)
        {
            return null;
        }

        SpecFormat.ReadVersion(spec);
        var current = spec.Text("current");
        var users = spec.Tree("users", required: false) is null or YamlText { IsNull: true } ? null : spec.Whole("users");
        var tiers = Tiers(spec);
        spec.RefuseOthers();

        var stated = tiers.FirstOrDefault(tier => tier.Id == current?.Value);
        if (current is not null && stated is null && tiers.Count > 0)
        {
            problems.Add(
                current.Place,
                $"'current' names no tier: {current.Called} is none of {string.Join(", ", tiers.Select(t => t.Id))}");
        }

        return problems.Count == 0 ? new TierCatalogue(tiers, stated!, users) : null;
    }

    private static List<Tier> Tiers(SpecMap spec)
    {
        var tiers = new List<Tier>();
        foreach (var item in spec.Maps("tiers"))
        {
            var id = item.Text("id");
            var users = item.Whole("users");
            var name = item.Text("name");
            item.RefuseOthers();
            if (id is not null && tiers.Any(tier => tier.Id == id.Value))
            {
                spec.Problems.Add(id.Place, $"the tier '{id.Value}' is defined twice");
            }
            else if (users is { } size && tiers.Count > 0 && size <= tiers[^1].Users)
            {
                spec.Problems.Add(item.Place, $"tiers stand in ascending order of users; {size:N0} comes after {tiers[^1].Users:N0}");
            }
            else if (id is not null && users is not null && name is not null)
            {
                tiers.Add(new Tier(id.Value, users.Value, name.Value));
            }
        }

        return tiers;
    }
}
