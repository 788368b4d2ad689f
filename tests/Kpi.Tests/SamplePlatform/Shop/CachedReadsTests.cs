using System.Net;
using Kpi.SamplePlatform.Caching;
using Kpi.SamplePlatform.Faults;
using Kpi.Tests.SamplePlatform.Caching;

namespace Kpi.Tests.SamplePlatform.Shop;

[Collection(UsesShop.Name)]
public sealed class CachedReadsTests(ShopPlatform platform)
{
    [Fact]
    public async Task A_crowd_that_asks_for_one_cold_product_costs_one_query()
    {
        await using var shop = await ShopUnderTest.StartAsync(platform, new CacheOptions { CommandTimeout = TimeSpan.FromSeconds(10) });
        using var reads = new CacheReads(shop.Get<CacheMetrics>());

        var read = await Task.WhenAll(Enumerable.Range(0, 300).Select(_ => shop.JsonAsync("GET", "products/33", tenant: 9)));

        Assert.All(read, product => Assert.Equal(33, (int)product["id"]!));
        Assert.Equal(1, reads["load"]);
        Assert.Equal(1, reads["app.cache.loads"]);
        Assert.Equal(300, reads["load"] + reads["coalesced"] + reads["l2_hit"]);
    }

    [Fact]
    public async Task Redis_stopped_under_traffic_changes_no_answer_and_comes_back_by_itself()
    {
        await using var shop = await ShopUnderTest.StartAsync(platform, new CacheOptions { OpenFor = TimeSpan.FromMilliseconds(200) });
        using var reads = new CacheReads(shop.Get<CacheMetrics>());
        var expected = (await shop.JsonAsync("GET", "products/1", tenant: 10)).ToJsonString();
        using var end = new CancellationTokenSource();
        var traffic = Enumerable.Range(0, 4).Select(_ => ReadAsync(shop, expected, end.Token)).ToArray();

        await UntilAsync(() => reads["l2_hit"] > 20);
        await shop.JsonAsync("PUT", "faults/redis-stopped");
        await UntilAsync(() => reads["bypass"] > 50);

        // A write while Redis is away: nobody may read the old stock afterwards.
        var order = await shop.OrderAsync($"without redis {Guid.NewGuid()}", 11, 1, (1, 2));
        Assert.Equal(2, (int)order["lines"]![0]!["quantity"]!);
        await shop.JsonAsync("DELETE", "faults/redis-stopped");
        var before = reads["l2_hit"];
        await UntilAsync(() => reads["l2_hit"] > before + 20);
        await end.CancelAsync();
        var sent = await Task.WhenAll(traffic);

        Assert.All(sent, count => Assert.True(count > 0));
        var fault = shop.Get<FaultLedger>().Entries[^1];
        Assert.Equal("redis-stopped", fault.Fault);

        // Reads bypass for some time after Redis is back; those are the cache's, and no longer the fault's.
        Assert.InRange(fault.Affected, 50, reads["bypass"]);
        Assert.Equal(0, reads["load_error"]);
    }

    [Fact]
    public async Task After_an_order_the_stock_is_read_anew_by_every_shop()
    {
        await using var shop = await ShopUnderTest.StartAsync(platform);
        await using var other = await ShopUnderTest.StartAsync(platform);
        var before = (int)(await other.JsonAsync("GET", "products/44", tenant: 12))["stock"]!;
        await shop.OrderAsync($"seen by all {Guid.NewGuid()}", 12, 1, (44, 5));

        Assert.Equal(before - 5, (int)(await other.JsonAsync("GET", "products/44", tenant: 12))["stock"]!);
    }

    private static async Task<int> ReadAsync(ShopUnderTest shop, string expected, CancellationToken end)
    {
        var sent = 0;
        for (; !end.IsCancellationRequested; sent++)
        {
            using var answer = await shop.SendAsync("GET", "products/1", tenant: 10);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal(expected, await answer.Content.ReadAsStringAsync(CancellationToken.None));
        }

        return sent;
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(30), "it does not come to pass");
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }
    }
}
