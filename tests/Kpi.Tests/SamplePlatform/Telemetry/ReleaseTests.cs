using System.Runtime.InteropServices;
using System.Text;
using Kpi.SamplePlatform.Telemetry;
using Kpi.Tests.SamplePlatform.Shop;

namespace Kpi.Tests.SamplePlatform.Telemetry;

[Collection(UsesShop.Name)]
public sealed class ReleaseTests(ShopPlatform platform) : IAsyncLifetime
{
    private OtlpWitness witness = null!;
    private ShopUnderTest shop = null!;

    public async Task InitializeAsync()
    {
        witness = await OtlpWitness.StartAsync();
        shop = await ShopUnderTest.StartAsync(platform, telemetry: new TelemetryOptions
        {
            Endpoint = witness.Address,
            Instance = "instance-7",
            MetricInterval = TimeSpan.FromMilliseconds(200),
            BatchDelay = TimeSpan.FromMilliseconds(100),
        });
    }

    public async Task DisposeAsync()
    {
        await shop.DisposeAsync();
        await witness.DisposeAsync();
    }

    [Fact]
    public async Task Spans_of_all_three_kinds_arrive_with_the_resource()
    {
        await shop.JsonAsync("GET", "products/17", tenant: 3);
        await witness.UntilAsync(w => Names(w).Contains("Npgsql") && Names(w).Contains("Shop.Redis") && Names(w).Contains("Microsoft.AspNetCore"));

        var resource = witness.Spans.First().Resource.Attributes.ToDictionary(a => a.Key, a => a.Value.StringValue);
        Assert.Equal(("shop", "sample", "1.0.0"), (resource["service.name"], resource["service.namespace"], resource["service.version"]));
        Assert.Equal(("instance-7", "demo"), (resource["service.instance.id"], resource["deployment.environment.name"]));

        static IEnumerable<string> Names(OtlpWitness w) => w.Spans.SelectMany(r => r.ScopeSpans).Select(s => s.Scope.Name);
    }

    [Fact]
    public async Task Histograms_have_an_edge_at_every_target()
    {
        await shop.JsonAsync("GET", "products/1");

        // HistogramDataPoint.explicit_bounds: field 7, packed doubles.
        await witness.UntilAsync(w => w.Metrics.Any(m => Holds(m, Packed(0x3A, DurationEdges.Http))));
        await witness.UntilAsync(w => w.Metrics.Any(m => Holds(m, Packed(0x3A, DurationEdges.Database))));
        Assert.Equal([0.005, 0.01, 0.02, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10], DurationEdges.Http);
        Assert.Equal([0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.5, 1, 5, 10], DurationEdges.Database);
        await witness.UntilAsync(w => w.Metrics.Any(m => Holds(m, "app.cache.reads"u8) && Holds(m, "db.client.connection.pool.name"u8)));
    }

    [Fact]
    public async Task What_happens_to_customers_arrives_as_named_events_without_their_ids()
    {
        var joined = await shop.JsonAsync("POST", "signup", body: new { name = "Eventful", plan = "team" }, token: "");
        var token = (string)joined["token"]!;
        await shop.JsonAsync("PUT", "account/plan", body: new { plan = "business" }, token: token);
        await shop.JsonAsync("PUT", "account/plan", body: new { plan = "business" }, token: token);
        await shop.JsonAsync("POST", "account/cancel", token: token);
        await shop.JsonAsync("POST", "account/cancel", token: token);

        await witness.UntilAsync(w => Count(w, ShopEvents.Canceled) > 0);
        Assert.Equal(
            (1, 1, 1, 1), (Count(witness, ShopEvents.Started), Count(witness, ShopEvents.Changed), Count(witness, ShopEvents.Canceled), Count(witness, ShopEvents.Activity)));
        var all = witness.Logs.SelectMany(l => l).ToArray();
        Assert.True(Holds(all, "GBP"u8) && Holds(all, "business"u8) && Holds(all, Encoding.ASCII.GetBytes(ShopEvents.Tenant)));
        Assert.False(Holds(all, "Eventful"u8));
    }

    [Fact]
    public async Task A_slow_release_is_told_as_the_version_it_is_and_no_request_is_told_twice()
    {
        await shop.JsonAsync("GET", "products?limit=1");
        await shop.JsonAsync("PUT", "faults/slow-release", body: new { size = 0.05 });
        await shop.JsonAsync("GET", "products?limit=2");
        await shop.JsonAsync("DELETE", "faults/slow-release");
        await shop.JsonAsync("GET", "products?limit=3");

        await witness.UntilAsync(w => Lists(w).Count() >= 3);
        Assert.Equal(["1.0.0", "1.1.0", "1.0.0"], Lists(witness));

        static IEnumerable<string> Lists(OtlpWitness w) =>
            from resource in w.Spans
            from span in resource.ScopeSpans.SelectMany(s => s.Spans)
            where span.Name == "GET /products"
            select resource.Resource.Attributes.Single(a => a.Key == "service.version").Value.StringValue;
    }

    /// <summary>Log records by that event_name: field 12 of LogRecord.</summary>
    private static int Count(OtlpWitness witness, string name)
    {
        byte[] field = [0x62, (byte)name.Length, .. Encoding.ASCII.GetBytes(name)];
        var count = 0;
        foreach (var message in witness.Logs)
        {
            var rest = message.AsSpan();
            for (var at = rest.IndexOf(field); at >= 0; at = rest.IndexOf(field))
            {
                count++;
                rest = rest[(at + field.Length)..];
            }
        }

        return count;
    }

    private static byte[] Packed(byte tag, double[] values)
    {
        Span<byte> length = [(byte)(values.Length * sizeof(double)), 0];
        return values.Length * sizeof(double) < 128
            ? [tag, length[0], .. MemoryMarshal.AsBytes(values.AsSpan())]
            : [tag, (byte)(length[0] | 0x80), (byte)(values.Length * sizeof(double) >> 7), .. MemoryMarshal.AsBytes(values.AsSpan())];
    }

    private static bool Holds(byte[] message, ReadOnlySpan<byte> part) => message.AsSpan().IndexOf(part) >= 0;
}
