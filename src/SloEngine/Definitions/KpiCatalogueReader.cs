using Kpi.Rollups.Cells;
using Kpi.SloEngine.Definitions.Yaml;
using Kpi.SloEngine.Kpis;
using Kpi.SloEngine.Tiers;

namespace Kpi.SloEngine.Definitions;

/// <summary><c>kpis.yaml</c> → <see cref="KpiCatalogue"/>.</summary>
/// <param name="tiers">The tiers that targets must name; null when <c>tiers.yaml</c> is broken, then only their form is checked.</param>
/// <param name="selectorProblem">What is wrong with a selector; null when nothing is.</param>
/// <param name="problems">Where mistakes are noted.</param>
internal sealed class KpiCatalogueReader(TierCatalogue? tiers, Func<string, string?> selectorProblem, ProblemList problems)
{
    private readonly KpiRuleReader ruleReader = new(selectorProblem, problems);
    private readonly TierTargetsReader targetsReader = new(tiers, problems);

    /// <summary>The catalogue, or null with all problems noted.</summary>
    public KpiCatalogue? Read(YamlTree root)
    {
        if (SpecMap.Of(root, "the file", problems) is not { } spec)
        {
            return null;
        }

        SpecFormat.ReadVersion(spec);
        var entryServices = spec.Texts("entryServices");
        var excludedRoutes = spec.Texts("excludedRoutes");
        var excludeSynthetic = spec.Flag("excludeSynthetic");
        var kpis = Kpis(spec);
        if (tiers is not null)
        {
            CheckEdges(kpis, spec.Place); // else the targets are not known by tier
        }

        spec.RefuseOthers();
        return problems.Count > 0 ? null : new KpiCatalogue
        {
            EntryServices = [.. entryServices.Select(text => text.Value)],
            ExcludedRoutes = [.. excludedRoutes.Select(text => text.Value)],
            ExcludeSynthetic = excludeSynthetic!.Value,
            Kpis = kpis,
        };
    }

    private List<KpiDefinition> Kpis(SpecMap spec)
    {
        var kpis = new List<KpiDefinition>();
        var ids = new HashSet<string>();
        foreach (var item in spec.Maps("kpis"))
        {
            var id = item.Text("id");
            if (id is not null)
            {
                CheckId(id, ids);
            }

            if (Kpi(item, id?.Value ?? "") is { } kpi)
            {
                kpis.Add(kpi);
            }

            item.RefuseOthers();
        }

        return kpis;
    }

    private KpiDefinition? Kpi(SpecMap item, string id)
    {
        var before = problems.Count;
        var name = item.Text("name");
        var unit = item.Text("unit");
        var kind = item.Text("kind");
        var known = kind is null ? null : KpiKind.Find(kind.Value);
        if (kind is not null && known is null)
        {
            problems.Add(kind.Place, $"unknown kind {kind.Called}; kinds are {KpiKind.Names}");
        }

        if (known is null)
        {
            KpiRuleReader.AskForEveryKey(item);
            item.Tree("targets");
            return null;
        }

        if (unit is not null && unit.Value != known.Unit)
        {
            problems.Add(unit.Place, $"the unit of kind '{known.Name}' is '{known.Unit}', found {unit.Called}");
        }

        var rule = ruleReader.Read(item, known);
        var targets = targetsReader.Read(item, known);
        return problems.Count == before ? new KpiDefinition(id, name!.Value, known.Unit, rule!, targets!) : null;
    }

    // One series may count for all KPIs, and then counts at the edges of all of them.
    private void CheckEdges(List<KpiDefinition> kpis, YamlPlace place)
    {
        var edges = kpis.SelectMany(kpi => kpi.ExactEdges).Distinct().Count();
        if (edges > EdgeSet.MostEdges)
        {
            problems.Add(
                place,
                $"targets and guards name {edges} different durations; at most {EdgeSet.MostEdges} can be counted exactly");
        }
    }

    private void CheckId(YamlText id, HashSet<string> seen)
    {
        if (!id.Value.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_'))
        {
            problems.Add(id.Place, $"an id is made of a-z, 0-9 and _, found {id.Called}");
        }

        if (!seen.Add(id.Value))
        {
            problems.Add(id.Place, $"the KPI '{id.Value}' is defined twice");
        }
    }
}
