using System.Text.Json;
using Kpi.Rollups.Identity;
using Kpi.Tests.SloEngine;

namespace Kpi.Tests.Dashboard.Live;

public sealed class LiveCacheTests
{
    [Fact]
    public async Task What_a_counter_gains_reaches_the_page_with_the_layers()
    {
        await using var dashboard = await RunningDashboard.StartAsync(TimeProvider.System, kpis: Platform.Kpis + Platform.CacheKpi);
        await using var page = await HubClient.ConnectAsync(dashboard);
        var before = await page.SubscribeAsync("5m");
        Assert.Equal(JsonValueKind.Null, Cache(before)!.Value.GetProperty("value").ValueKind);
        await dashboard.Platform.CountAsync(Reads("l2_hit"), 300);
        await dashboard.Platform.CountAsync(Reads("load"), 100);
        JsonElement? cache;
        do
        {
            cache = Cache(await page.DeltaAsync());
        }
        while (cache is not { } found || found.GetProperty("denominator").GetDouble() < 400); // the two may come one by one

        Assert.Equal(0.75, cache.Value.GetProperty("value").GetDouble());
        Assert.Equal(
            """[{"name":"L1","ratio":null,"hits":null,"misses":400},{"name":"L2","ratio":0.75,"hits":300,"misses":100}]""",
            cache.Value.GetProperty("layers").GetRawText());
    }

    private static Labels Reads(string outcome) => Labels.Of(("__name__", "app.cache.reads"), ("app.cache.outcome", outcome));

    private static JsonElement? Cache(JsonElement status)
    {
        foreach (var kpi in status.GetProperty("kpis").EnumerateArray())
        {
            if (kpi.GetProperty("id").GetString() == "cache_hit_ratio")
            {
                return kpi;
            }
        }

        return null;
    }
}
