using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using Kpi.SamplePlatform.Sharding;
using Kpi.SamplePlatform.Telemetry;
using Kpi.Tests.SamplePlatform.Shop;
using Kpi.Tests.SamplePlatform.Telemetry;

namespace Kpi.Tests.SamplePlatform.Faults;

/// <summary>Each fault does what it says, and the ledger says exactly what it did.</summary>
[Collection(UsesShop.Name)]
public sealed class FaultEffectTests(ShopPlatform platform) : IAsyncLifetime
{
    private ShopUnderTest shop = null!;

    public async Task InitializeAsync() => shop = await ShopUnderTest.StartAsync(platform);

    public async Task DisposeAsync() => await shop.DisposeAsync();

    [Fact]
    public async Task The_error_route_fails_exactly_its_share_and_no_other_route()
    {
        await OnAsync("error-route", new { size = 0.07 });
        var answers = await Task.WhenAll(Enumerable.Range(0, 300).Select(i => shop.StatusAsync("GET", $"products/{1 + (i % 60)}")));
        Assert.Equal(HttpStatusCode.OK, await shop.StatusAsync("GET", "products"));

        Assert.Equal(21, answers.Count(a => a == HttpStatusCode.InternalServerError));
        Assert.Equal(279, answers.Count(a => a == HttpStatusCode.OK));
        Assert.Equal(21, (long)(await OffAsync("error-route"))["affected"]!);
        Assert.Equal(HttpStatusCode.OK, await shop.StatusAsync("GET", "products/1"));
    }

    [Fact]
    public async Task The_slow_shard_sleeps_in_SQL_and_the_other_one_does_not()
    {
        var (slow, usual) = (TenantOn("shard-1"), TenantOn("shard-2"));
        await OnAsync("slow-shard", new { size = 0.15, target = "shard-1" });
        for (var i = 0; i < 4; i++)
        {
            var start = TimeProvider.System.GetTimestamp();
            await shop.JsonAsync("GET", "cart", slow);
            Assert.True(TimeProvider.System.GetElapsedTime(start) >= TimeSpan.FromSeconds(0.15));
            await shop.JsonAsync("GET", "cart", usual);
        }

        var entry = await OffAsync("slow-shard");
        Assert.Equal((4, "shard-1", 0.15), ((long)entry["affected"]!, (string)entry["target"]!, (double)entry["size"]!));
        Assert.Equal(0.6, (double)entry["injectedSeconds"]!, 3);
    }

    [Fact]
    public async Task A_stopped_shard_is_unavailable_for_its_tenants_only_and_comes_back()
    {
        var (stopped, usual) = (TenantOn("shard-2"), TenantOn("shard-1"));
        await OnAsync("stopped-shard", new { target = "shard-2" });
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, await shop.StatusAsync("GET", "cart", stopped));
            Assert.Equal(HttpStatusCode.OK, await shop.StatusAsync("GET", "cart", usual));
        }

        var report = await shop.JsonAsync("GET", "reports/top-products", token: ShopPlatform.Tokens.IssueForOperator());
        Assert.True((bool)report["partial"]!);
        Assert.Equal(["shard-2"], report["missing"]!.AsArray().Select(m => (string)m!));
        Assert.Equal(4, (long)(await OffAsync("stopped-shard"))["affected"]!);
        Assert.Equal(HttpStatusCode.OK, await shop.StatusAsync("GET", "cart", stopped));
        var whole = await shop.JsonAsync("GET", "reports/top-products", token: ShopPlatform.Tokens.IssueForOperator());
        Assert.False((bool)whole["partial"]!);
    }

    [Fact]
    public async Task A_flushed_Redis_has_forgotten_what_the_ledger_says_it_held()
    {
        await shop.JsonAsync("PUT", "faults/redis-flushed");
        await shop.JsonAsync("GET", "products/1");
        await shop.JsonAsync("GET", "products/2");

        var entry = await shop.JsonAsync("PUT", "faults/redis-flushed");
        Assert.Equal(2, (long)entry["affected"]!);
        Assert.NotNull(entry["end"]);
        Assert.Equal(HttpStatusCode.Conflict, await shop.StatusAsync("DELETE", "faults/redis-flushed"));
    }

    [Fact]
    public async Task Query_per_line_makes_the_queries_it_says_one_after_the_other()
    {
        var order = await shop.OrderAsync($"n+1 {Guid.NewGuid()}", 1, 2, (1, 1), (2, 1), (3, 1));
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = span =>
            {
                if ((span.GetTagItem("db.query.text") as string)?.Contains("select name from shop.product", StringComparison.Ordinal) == true)
                {
                    spans.Enqueue(span);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        Assert.True(JsonNode.DeepEquals(order, await shop.JsonAsync("GET", $"orders/{order["id"]}", 1, 2)));
        Assert.Empty(spans);

        await OnAsync("n-plus-one", new { size = 12 });
        Assert.True(JsonNode.DeepEquals(order, await shop.JsonAsync("GET", $"orders/{order["id"]}", 1, 2)));

        var queries = spans.OrderBy(s => s.StartTimeUtc).ToArray();
        Assert.Equal(12, queries.Length);
        Assert.All(queries.Zip(queries.Skip(1)), pair => Assert.True(pair.First.StartTimeUtc + pair.First.Duration <= pair.Second.StartTimeUtc));
        Assert.Equal(1, (long)(await OffAsync("n-plus-one"))["affected"]!);
    }

    [Fact]
    public async Task Debug_logging_writes_records_below_INFO_and_stops_when_it_is_over()
    {
        await using var witness = await OtlpWitness.StartAsync();
        var options = new TelemetryOptions { Endpoint = witness.Address, BatchDelay = TimeSpan.FromMilliseconds(50) };
        long affected;
        await using (var telling = await ShopUnderTest.StartAsync(platform, telemetry: options))
        {
            await telling.JsonAsync("GET", "cart");
            await telling.JsonAsync("PUT", "faults/debug-logging");
            await telling.JsonAsync("GET", "cart");
            await telling.JsonAsync("GET", "cart");
            var entry = await telling.JsonAsync("DELETE", "faults/debug-logging");
            await telling.JsonAsync("GET", "cart");
            affected = (long)entry["affected"]!;
        }

        Assert.InRange(affected, 6, 50);

        // LogRecord.severity_text: field 3.
        byte[] debug = [0x1A, 5, .. "Debug"u8];
        Assert.Equal(affected, witness.Logs.Sum(message => Occurrences(message, debug)));
    }

    [Fact]
    public async Task A_slow_release_lists_products_more_slowly()
    {
        await OnAsync("slow-release", new { size = 0.2 });
        Assert.Equal("1.1.0", shop.Get<ShopTelemetry>().Version);
        var start = TimeProvider.System.GetTimestamp();
        await shop.JsonAsync("GET", "products");
        var took = TimeProvider.System.GetElapsedTime(start);

        var entry = await OffAsync("slow-release");
        Assert.Equal("1.0.0", shop.Get<ShopTelemetry>().Version);
        Assert.Equal(1, (long)entry["affected"]!);
        Assert.InRange((double)entry["injectedSeconds"]!, 0.19, took.TotalSeconds);
    }

    [Fact]
    public async Task A_shop_that_ends_starts_what_its_faults_have_stopped()
    {
        await OnAsync("stopped-shard", new { target = "shard-1" });
        await OnAsync("redis-stopped", null);
        Assert.False(platform.Servers.Postgres("shard-1").IsRunning || platform.Servers.Redis().IsRunning);

        await shop.DisposeAsync();

        Assert.True(platform.Servers.Postgres("shard-1").IsRunning && platform.Servers.Redis().IsRunning);
        shop = await ShopUnderTest.StartAsync(platform);
    }

    private long TenantOn(string shard) => Enumerable.Range(1, ShopPlatform.Seed.Tenants).Select(t => (long)t)
        .First(t => shop.Get<ShardDirectory>().Current.Of(Buckets.Of(t)).Shard.Name == shard);

    private Task<JsonNode> OnAsync(string fault, object? body) => shop.JsonAsync("PUT", $"faults/{fault}", body: body);

    private Task<JsonNode> OffAsync(string fault) => shop.JsonAsync("DELETE", $"faults/{fault}");

    private static int Occurrences(ReadOnlySpan<byte> message, ReadOnlySpan<byte> part)
    {
        var count = 0;
        for (var at = message.IndexOf(part); at >= 0; at = message.IndexOf(part))
        {
            count++;
            message = message[(at + part.Length)..];
        }

        return count;
    }
}
