using Kpi.Rollups.Identity;
using Kpi.Rollups.Time;
using Kpi.SloEngine.Evaluation;
using Kpi.SloEngine.Status;
using Kpi.Testing;
using Kpi.Tests.SloEngine.Queries;

namespace Kpi.Tests.SloEngine.Evaluation;

/// <summary>Windows of days over a store that rolls up, folds and drops, while data comes in time and late.</summary>
public sealed class LongWindowTests
{
    private static readonly string[] Statuses = ["200", "500", "499"];

    private readonly FakeClock clock = new(new DateTimeOffset(2026, 11, 22, 12, 0, 3, TimeSpan.Zero));
    private readonly List<(int Slice, string Service, string Status, double[] Seconds)> sent = [];

    [Theory]
    [InlineData("24h", null, 1)]
    [InlineData("7d", null, 2)]
    [InlineData("30d", null, 3)]
    [InlineData("30d", null, 4)]
    [InlineData("month", null, 5)]
    [InlineData("month", "Asia/Kathmandu", 6)]
    [InlineData("month", "America/New_York", 7)]
    public async Task What_is_kept_is_what_a_list_gives_and_what_a_fresh_read_gives(string name, string? zone, int seed)
    {
        var window = StatusWindow.Parse(name, zone, out _)!;
        await using var platform = await StartAsync();
        await FollowAsync(platform, window, seed, isCounted: true);
    }

    [Theory]
    [InlineData("6h", 1)]
    [InlineData("6h", 2)]
    [InlineData("25m", 3)]
    [InlineData("24h", 4)]
    public async Task Where_fine_cells_are_gone_what_is_kept_is_what_a_fresh_read_gives(string name, int seed)
    {
        var hour = TimeSpan.FromHours(1);
        await using var platform = await StartAsync(new RollupLimits { SliceRetention = hour, MinuteRetention = hour });
        await FollowAsync(platform, StatusWindow.Parse(name, null, out _)!, seed, isCounted: false);
    }

    [Fact]
    public async Task Late_data_shows_at_once_in_every_window_that_holds_its_time()
    {
        await using var platform = await StartAsync();
        var days = 1;
        foreach (var ago in new[] { 0.1, 3, 20, 40 }.Select(TimeSpan.FromDays))
        {
            await platform.PostAsync(platform.Http("shop"), [0.1], ago);
            await platform.FlushAsync();
            foreach (var (name, holds) in new[] { ("24h", 1), ("7d", 2), ("30d", 3), ("month", 3) })
            {
                var status = await platform.Engine.EvaluateAsync(StatusWindow.Parse(name, null, out _)!, CancellationToken.None);
                Assert.Equal(Math.Min(days, holds), status.Services[0].Requests);
            }

            days++;
        }
    }

    [Fact]
    public async Task Only_what_a_flush_has_changed_is_read_anew()
    {
        await using var platform = await StartAsync();
        await platform.PostAsync(platform.Http("shop"), [0.1], TimeSpan.FromDays(20));
        await platform.FlushAsync();
        await platform.MaintainAsync();
        using var evaluator = new WindowEvaluator(StatusWindow.Live[4], platform.Rollup, platform.NewContext(), clock);
        await Now(evaluator);
        var watched = (WatchedStore)platform.Store;
        for (var i = 0; i < 3; i++)
        {
            watched.Queries.Clear();
            await platform.PostAsync(platform.Http("shop"), [0.1]);
            await platform.FlushAsync();
            Assert.Equal(2 + i, (await Now(evaluator)).Services[0].Requests);
            Assert.InRange(watched.Queries.Sum(q => q.Range.Count), 1, 12);
        }

        watched.Queries.Clear();
        await Now(evaluator);
        Assert.Empty(watched.Queries);
        await platform.PostAsync(platform.Http("shop"), [0.1], TimeSpan.FromDays(10));
        await platform.FlushAsync();
        Assert.Equal(5, (await Now(evaluator)).Services[0].Requests);
        Assert.InRange(watched.Queries.Sum(q => q.Range.Count), 1, (4 * 8_640) + 12);
    }

    [Fact]
    public async Task A_counters_last_value_is_the_newest_however_long_the_cells_are()
    {
        await using var platform = await StartAsync();
        var labels = Labels.Of(("__name__", "app.orders"), ("service.name", "shop"));
        foreach (var days in new[] { 20, 5, 1, 9 })
        {
            await platform.CountAsync(labels, days, TimeSpan.FromDays(days));
        }

        await platform.FlushAsync();
        await platform.MaintainAsync();
        foreach (var (name, increase) in new[] { ("30d", 35), ("7d", 6), ("10d", 15), ("month", 35) })
        {
            var series = await platform.Engine.ReadSeriesAsync(
                SeriesSelectorTests.Parse("app_orders_total"), StatusWindow.Parse(name, null, out _)!, CancellationToken.None);
            Assert.Equal(increase, Assert.Single(series!).Increase);
        }
    }

    private async Task FollowAsync(Platform platform, StatusWindow window, int seed, bool isCounted)
    {
        using var kept = new WindowEvaluator(window, platform.Rollup, platform.NewContext(), clock);
        var random = new Random(seed);
        for (var i = 0; i < 60; i++)
        {
            await ActAsync(platform, random);
            var found = await Now(kept);
            using var evaluator = new WindowEvaluator(window, platform.Rollup, platform.NewContext(), clock);
            var fresh = await Now(evaluator);
            Assert.Equal(fresh.From, found.From);
            Assert.Equal(fresh.Services.Select(Comparable), found.Services.Select(Comparable));
            Assert.All(fresh.Services.Zip(found.Services), pair => Assert.Equal(pair.First.Spark, pair.Second.Spark));
            Assert.All(fresh.Kpis.Zip(found.Kpis), pair => AssertSame(pair.First, pair.Second));
            if (isCounted)
            {
                AssertIsThatOfTheList(found, window.At(UnixNanos.Now(clock)));
            }
        }
    }

    private async Task ActAsync(Platform platform, Random random)
    {
        switch (random.Next(8))
        {
            case 0:
                await platform.FlushAsync();
                break;
            case 1:
                clock.Advance(TimeSpan.FromSeconds(random.Next(1, 90)));
                break;
            case 2:
                clock.Advance(TimeSpan.FromMinutes(random.Next(1, 600)));
                break;
            case 3:
                await platform.MaintainAsync(random.Next(200));
                break;
            default:
                var (service, status) = ($"service{random.Next(3)}", Statuses[random.Next(3)]);
                var ago = TimeSpan.FromSeconds(Math.Pow(3_000_000, random.NextDouble()));
                double[] seconds = [.. Enumerable.Range(0, random.Next(1, 30)).Select(_ => random.Next(1, 300) / 1e3)];
                await platform.PostAsync(platform.Http(service, status), seconds, ago);
                sent.Add((Slice.Of(UnixNanos.From(clock.GetUtcNow() - ago)).Number, service, status, seconds));
                break;
        }
    }

    private void AssertIsThatOfTheList(WindowStatus found, WindowFrame frame)
    {
        var inside = sent.Where(s => frame.Range.Contains(new Slice(s.Slice))).ToList();
        Assert.Equal(
            inside.GroupBy(s => s.Service).OrderBy(g => g.Key).Select(g => (
                g.Key,
                g.Sum(s => (long)s.Seconds.Length),
                g.Where(s => s.Status == "500").Sum(s => (long)s.Seconds.Length))),
            found.Services.Select(s => (s.Service, s.Requests, s.Errors)));
        double[] all = [.. inside.SelectMany(s => s.Seconds)];
        Assert.Equal(all.Length == 0 ? null : all.Count(s => s <= 0.2) / (double)all.Length, found.Kpis[0].Numerator);
        foreach (var service in found.Services)
        {
            for (var step = 0; step < frame.Steps; step++)
            {
                var slices = frame.StepAt(step);
                var count = inside.Where(s => s.Service == service.Service && slices.Contains(new Slice(s.Slice))).Sum(s => s.Seconds.Length);
                Assert.Equal(service.Spark[step] is null ? 0 : count, (service.Spark[step] ?? 0) * slices.Count * 10, 1e-6);
            }
        }
    }

    // The newest slice with data is known as finely as it was read.
    private static ServiceStatus Comparable(ServiceStatus status) => status with { Newest = default, Spark = [] };

    private static void AssertSame(KpiStatus expected, KpiStatus found)
    {
        Assert.Equal(expected.Spark, found.Spark);
        Assert.Equal(
            (expected.Value, expected.Low, expected.High, expected.Numerator, expected.Denominator, expected.N),
            (found.Value, found.Low, found.High, found.Numerator, found.Denominator, found.N));
        Assert.Equal(expected.Verdicts, found.Verdicts);
    }

    private static Task<WindowStatus> Now(WindowEvaluator evaluator) => evaluator.EvaluateAsync(CancellationToken.None);

    private Task<Platform> StartAsync(RollupLimits? limits = null) =>
        Platform.StartAsync(clock, around: inner => new WatchedStore(inner), limits: limits);
}
