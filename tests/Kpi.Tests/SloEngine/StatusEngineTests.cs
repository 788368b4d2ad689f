using Kpi.SloEngine.Status;
using Kpi.Testing;
using Kpi.Tests.SloEngine.Queries;

namespace Kpi.Tests.SloEngine;

public sealed class StatusEngineTests
{
    private readonly FakeClock clock = new();

    [Fact]
    public async Task Any_window_is_answered_and_versions_only_grow()
    {
        await using var platform = await Platform.StartAsync(clock);
        await platform.PostAsync(platform.Http("shop"), [0.1], TimeSpan.FromMinutes(20));
        long last = 0;
        foreach (var (name, services) in new[] { ("5m", 0), ("25m", 1), ("1h", 1), ("24h", 1), ("10s", 0), ("25m", 1) })
        {
            var status = await platform.Engine.EvaluateAsync(StatusWindow.Parse(name, null, out _)!, CancellationToken.None);
            Assert.Equal((name, services), (status.Window, status.Services.Count));
            Assert.True(status.Version > last);
            last = status.Version;
        }
    }

    [Fact]
    public async Task Steps_cover_the_window()
    {
        await using var platform = await Platform.StartAsync(clock);
        await platform.PostAsync(platform.Http("shop"), [0.1]);
        foreach (var name in new[] { "5m", "1h", "24h", "25m", "1450s", "7d", "30d", "month" })
        {
            var window = StatusWindow.Parse(name, null, out _)!;
            var status = await platform.Engine.EvaluateAsync(window, CancellationToken.None);
            Assert.InRange(status.From - status.LineFrom, TimeSpan.Zero, TimeSpan.FromSeconds(status.StepSeconds - 10));
            var steps = (int)Math.Ceiling((status.To - status.LineFrom).TotalSeconds / status.StepSeconds);
            Assert.InRange(steps, 1, 146);
            Assert.All(status.Kpis, kpi => Assert.Equal(steps, kpi.Spark.Count));
            Assert.Equal(steps, status.Services[0].Spark.Count);
        }
    }

    [Fact]
    public async Task A_service_row_has_rate_ratio_and_quantiles_and_null_where_there_is_nothing()
    {
        await using var platform = await Platform.StartAsync(clock);
        await platform.PostAsync(platform.Http("shop"), Enumerable.Repeat(0.1, 95));
        await platform.PostAsync(platform.Http("shop", "500"), Enumerable.Repeat(0.3, 5));
        await platform.PostAsync(platform.Http("shop", "499"), Enumerable.Repeat(1.0, 10));
        await platform.PostAsync(platform.Http("hanging", "499"), [1], weight: 3);
        var services = (await platform.Engine.EvaluateAsync(StatusWindow.Live[0], CancellationToken.None)).Services;
        var (hanging, shop) = (services[0], services[1]);
        Assert.Equal(("shop", 110L, 5L, 10L), (shop.Service, shop.Requests, shop.Errors, shop.Aborted));
        Assert.Equal((110 / 300.0, 0.05, "spans", false), (shop.Rate, shop.ErrorRatio!.Value, shop.Source, shop.Estimated));
        Assert.Equal(0.1, shop.P50!.Value, 0.001);
        Assert.Equal(0.3, shop.P90!.Value, 0.003);
        Assert.Equal(1.0, shop.P99!.Value, 0.01);
        Assert.Equal(clock.GetUtcNow(), shop.Newest);
        Assert.Equal(("hanging", 3L, 3L, true), (hanging.Service, hanging.Requests, hanging.Aborted, hanging.Estimated));
        Assert.Null(hanging.ErrorRatio);
    }

    [Fact]
    public async Task Series_are_read_committed_and_not()
    {
        await using var platform = await Platform.StartAsync(clock);
        await platform.PostAsync(platform.Http("shop"), [0.25, 0.5]);
        await platform.FlushAsync();
        await platform.PostAsync(platform.Http("shop"), [1]);
        await platform.PostAsync(platform.Http("stock"), [1]);
        var series = await platform.Engine.ReadSeriesAsync(
            SeriesSelectorTests.Parse("""http_server_request_duration_seconds{service_name="shop"}"""),
            StatusWindow.Live[0],
            CancellationToken.None);
        Assert.Equal((3, 1.75), (Assert.Single(series!).Count, series![0].Sum));
    }
}
