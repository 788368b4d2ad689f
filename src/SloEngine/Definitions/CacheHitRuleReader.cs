using Kpi.SloEngine.Definitions.Yaml;
using Kpi.SloEngine.Kpis;

namespace Kpi.SloEngine.Definitions;

/// <summary>
/// The keys of kind <c>cache_hit_ratio</c> → <see cref="CacheHitRule"/>; what is wrong is noted, the rule is then not used.
/// </summary>
internal sealed class CacheHitRuleReader(SelectorListReader selectors, ProblemList problems)
{
    public CacheHitRule Read(SpecMap spec) => new()
    {
        Reads = selectors.Read(spec, "reads"),
        Loads = selectors.Read(spec, "loads"),
        Bypasses = selectors.Read(spec, "bypasses", required: false),
        Layers = Layers(spec),
    };

    private List<CacheLayer> Layers(SpecMap spec)
    {
        var layers = new List<CacheLayer>();
        foreach (var item in spec.Maps("layers", required: false))
        {
            var name = item.Text("name");
            var layer = new CacheLayer(name?.Value ?? "", selectors.Read(item, "hits"), selectors.Read(item, "misses"));
            item.RefuseOthers();
            if (name is not null && layers.Any(other => other.Name == name.Value))
            {
                problems.Add(name.Place, $"the layer '{name.Value}' is defined twice");
            }

            layers.Add(layer);
        }

        if (layers.Count > CacheHitRule.MostLayers)
        {
            problems.Add(spec.Tree("layers")!.Place, $"a cache has at most {CacheHitRule.MostLayers} layers, found {layers.Count}");
        }

        return layers;
    }
}
