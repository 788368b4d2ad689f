using System.Text.Json;
using Kpi.Rollups.Identity;
using Kpi.Testing;
using Kpi.Tests.SloEngine;

namespace Kpi.Tests.Dashboard.Api;

/// <summary>What a KPI is made of, in the JSON: a cache's layers, the slowest shard.</summary>
public sealed class KpiPartsTests
{
    private const string Pool = "db.client.connection.pool.name";
    private static readonly string Kpis =
        Platform.Kpis.Replace("counted: queries", $"counted: queries\n    worstBy: {Pool}") + Platform.CacheKpi;

    private readonly FakeClock clock = new(new DateTimeOffset(2026, 11, 22, 12, 0, 3, TimeSpan.Zero));

    [Fact]
    public async Task The_scorecard_has_a_caches_layers_and_the_slowest_shard()
    {
        await using var dashboard = await RunningDashboard.StartAsync(clock, kpis: Kpis);
        await FillAsync(dashboard.Platform);
        var kpis = await KpisAsync(dashboard);
        Assert.Equal(
            """[{"name":"L1","ratio":null,"hits":null,"misses":1000},{"name":"L2","ratio":0.85,"hits":850,"misses":150}]""",
            kpis["cache_hit_ratio"].GetProperty("layers").GetRawText());
        Assert.Equal("0.85", kpis["cache_hit_ratio"].GetProperty("value").GetRawText());
        Assert.Equal("""{"1k":"pass","100k":"fail","1m":"fail"}""", kpis["cache_hit_ratio"].GetProperty("verdicts").GetRawText());
        Assert.Equal("metrics", kpis["cache_hit_ratio"].GetProperty("source").GetString());
        var worst = kpis["db_query_time"].GetProperty("worst");
        Assert.Equal(["label", "name", "value", "n"], worst.EnumerateObject().Select(p => p.Name));
        Assert.Equal(
            (Pool, "shard-3", 80L),
            (worst.GetProperty("label").GetString(), worst.GetProperty("name").GetString(), worst.GetProperty("n").GetInt64()));
        Assert.Equal(0.212, worst.GetProperty("value").GetDouble(), 0.002);
    }

    [Fact]
    public async Task KPIs_without_parts_lack_the_fields()
    {
        await using var dashboard = await RunningDashboard.StartAsync(clock, kpis: Kpis);
        var kpis = await KpisAsync(dashboard);
        Assert.Equal(["cache_hit_ratio"], kpis.Where(k => k.Value.TryGetProperty("layers", out _)).Select(k => k.Key));
        Assert.DoesNotContain(kpis.Values, kpi => kpi.TryGetProperty("worst", out _));
    }

    [Fact]
    public async Task The_description_of_the_api_names_the_parts()
    {
        await using var dashboard = await RunningDashboard.StartAsync(clock);
        var schemas = (await dashboard.JsonAsync("/openapi/v1.json")).GetProperty("components").GetProperty("schemas");
        var kpi = schemas.GetProperty("KpiStatus").GetProperty("properties");
        Assert.True(kpi.TryGetProperty("layers", out _));
        Assert.True(kpi.TryGetProperty("worst", out _));
        Assert.Equal(["name", "ratio", "hits", "misses"], NamesOf(schemas.GetProperty("LayerStatus")));
        Assert.Equal(["label", "name", "value", "n"], NamesOf(schemas.GetProperty("WorstStatus")));
    }

    private static async Task FillAsync(Platform platform)
    {
        await platform.CountAsync(Reads("l2_hit"), 850);
        await platform.CountAsync(Reads("load"), 150);
        foreach (var (shard, seconds) in new[] { ("shard-1", 0.004), ("shard-3", 0.212) })
        {
            var series = platform.Distribution(
                ("__name__", "db.client.operation.duration"), ("db.system.name", "postgresql"), (Pool, shard));
            await platform.PostAsync(series, Enumerable.Repeat(seconds, 80));
        }
    }

    private static async Task<Dictionary<string, JsonElement>> KpisAsync(RunningDashboard dashboard) =>
        (await dashboard.JsonAsync("/api/scorecard?window=5m")).GetProperty("kpis").EnumerateArray()
            .ToDictionary(k => k.GetProperty("id").GetString()!);

    private static IEnumerable<string> NamesOf(JsonElement schema) =>
        schema.GetProperty("properties").EnumerateObject().Select(p => p.Name);

    private static Labels Reads(string outcome) => Labels.Of(("__name__", "app.cache.reads"), ("app.cache.outcome", outcome));
}
