using Kpi.SloEngine.Definitions;
using Kpi.SloEngine.Kpis;

namespace Kpi.Tests.SloEngine.Definitions;

public sealed class CacheHitRuleReaderTests
{
    private const string Cache = AlertsFolder.Kpis + """

          - id: cache_hit_ratio
            name: Cache hit ratio
            unit: '1'
            kind: cache_hit_ratio
            reads: [hits, misses]
            loads: [misses]
            bypasses: [bypasses]
            layers:
              - name: L1
                hits: [memory_hits]
                misses: [memory_misses]
              - name: L2
                hits: [redis_hits]
                misses: [redis_misses]
            targets: {1k: 80%, 1m: 95%}
        """;

    [Fact]
    public void Every_key_reaches_the_rule()
    {
        var rule = Assert.IsType<CacheHitRule>(Read(Cache).Definitions!.Kpis.Kpis[2].Rule);
        Assert.Equal(["hits", "misses"], rule.Reads);
        Assert.Equal(["misses"], rule.Loads);
        Assert.Equal(["bypasses"], rule.Bypasses);
        Assert.Equal(["L1", "L2"], rule.Layers.Select(layer => layer.Name));
        Assert.Equal(["redis_hits"], rule.Layers[1].Hits);
        Assert.Equal(["redis_misses"], rule.Layers[1].Misses);
        Assert.Equal(Better.Higher, rule.Better);
        Assert.Empty(rule.ExactEdges(Read(Cache).Definitions!.Kpis.Kpis[2].Targets));
    }

    [Fact]
    public void Bypasses_and_layers_may_be_left_out()
    {
        var from = Cache.IndexOf("    bypasses", StringComparison.Ordinal);
        var to = Cache.IndexOf("    targets: {1k: 80%", StringComparison.Ordinal);
        var text = Cache[..from] + Cache[to..];
        var rule = Assert.IsType<CacheHitRule>(Read(text).Definitions!.Kpis.Kpis[2].Rule);
        Assert.Empty(rule.Bypasses);
        Assert.Empty(rule.Layers);
    }

    [Theory]
    [InlineData("    reads: [hits, misses]\n", "", "18:5: the key 'reads' is missing")]
    [InlineData("    loads: [misses]\n", "", "18:5: the key 'loads' is missing")]
    [InlineData("loads: [misses]", "loads: []", "23:12: 'loads' is empty: nothing would be measured")]
    [InlineData("bypasses: [bypasses]", "bypasses: []", "24:15: 'bypasses' is empty: nothing would be measured")]
    [InlineData("loads: [misses]", "loads: misses", "23:12: 'loads' is a list, found 'misses'")]
    [InlineData("loads: [misses]", "loads: [bad!]", "23:13: not a selector: no selector at all")]
    [InlineData("misses: [memory_misses]", "misses: [bad!]", "28:18: not a selector: no selector at all")]
    [InlineData("        hits: [redis_hits]\n", "", "29:9: the key 'hits' is missing")]
    [InlineData("misses: [redis_misses]", "misses: []", "31:17: 'misses' is empty: nothing would be measured")]
    [InlineData("name: L2", "name: L1", "29:15: the layer 'L1' is defined twice")]
    [InlineData("name: L2", "ratio: L2", "29:9: the key 'name' is missing", "29:9: unknown key 'ratio'; here stand name, hits, misses")]
    [InlineData("    bypasses: [bypasses]", "    quantile: 0.9",
        "24:5: unknown key 'quantile'; here stand id, name, unit, kind, reads, loads, bypasses, layers, targets")]
    [InlineData("1m: 95%}", "1m: 75%}", "32:28: the target of 1m (75%) is laxer than that of 1k (80%)")]
    [InlineData("quantile: 0.99", "quantile: 0.99\n    worstBy: ''", "12:14: 'worstBy' is a text, found ''")]
    [InlineData("quantile: 0.99", "quantile: 0.99\n    layers: []",
        "12:5: unknown key 'layers'; here stand id, name, unit, kind, metrics, quantile, guard, "
        + "ownExcludedRoutes, abortLimit, counted, worstBy, targets")]
    public void A_mistake_is_named_at_its_place(string good, string bad, params string[] problems)
    {
        Assert.Contains(good, Cache, StringComparison.Ordinal);
        var at = Cache.IndexOf(good, StringComparison.Ordinal);
        var reading = Read(string.Concat(Cache.AsSpan(0, at), bad, Cache.AsSpan(at + good.Length)));
        Assert.Null(reading.Definitions);
        Assert.Equal(problems.Select(problem => "kpis.yaml:" + problem), reading.Problems.Select(problem => problem.ToString()));
    }

    [Fact]
    public void More_layers_than_a_line_can_say_are_refused()
    {
        var layers = string.Concat(
            Enumerable.Range(3, CacheHitRule.MostLayers - 1).Select(i => $"      - {{name: L{i}, hits: [h], misses: [m]}}\n"));
        var text = Cache.Replace("    targets: {1k: 80%", layers + "    targets: {1k: 80%");
        Assert.Equal("kpis.yaml:26:7: a cache has at most 8 layers, found 9", Assert.Single(Read(text).Problems).ToString());
        Assert.Empty(Read(text.Replace("      - {name: L9, hits: [h], misses: [m]}\n", "")).Problems);
    }

    private static DefinitionsReading Read(string kpis)
    {
        using var folder = new AlertsFolder(kpis);
        return new DefinitionsReader(text => text.EndsWith('!') ? "no selector at all" : null).Read(folder.FullName);
    }
}
