using Kpi.SloEngine.Evaluation;
using Kpi.SloEngine.Status;
using Kpi.Testing;

namespace Kpi.Tests.SloEngine.Evaluation;

/// <summary>A service that sends metrics and spans of the same requests: the metrics count, and nothing twice.</summary>
public sealed class OneSourceTests
{
    private static readonly TrailingWindow Hour = new("1h", TimeSpan.FromHours(1));

    private readonly FakeClock clock = new();

    [Fact]
    public async Task Where_metrics_tell_of_requests_their_spans_do_not_count()
    {
        await using var platform = await Platform.StartAsync(clock);
        using var evaluator = Evaluator(platform);
        for (var minute = 10; minute >= 0; minute--)
        {
            await platform.MeasureAsync("shop", [50, 40, 9, 1], TimeSpan.FromMinutes(minute));
            await platform.PostAsync(platform.Http("shop"), Enumerable.Repeat(0.1, 30), TimeSpan.FromSeconds((minute * 60) + 20));
            await platform.PostAsync(platform.Http("other"), [0.1], TimeSpan.FromMinutes(minute));
        }

        var open = await Now(evaluator);
        await platform.FlushAsync();
        foreach (var status in (WindowStatus[])[open, await Now(evaluator)])
        {
            Assert.Equal([("other", 11L, "spans"), ("shop", 1_100L, "metrics")], status.Services.Select(s => (s.Service, s.Requests, s.Source)));
            Assert.Equal("metrics", status.Kpis[0].Source);
        }
    }

    [Fact]
    public async Task Spans_of_the_time_before_a_service_had_metrics_still_count()
    {
        await using var platform = await Platform.StartAsync(clock);
        using var evaluator = Evaluator(platform);
        await platform.PostAsync(platform.Http("shop"), Enumerable.Repeat(0.1, 7), TimeSpan.FromMinutes(50));
        await platform.MeasureAsync("shop", [5, 0, 0, 0], TimeSpan.FromMinutes(2));
        await platform.PostAsync(platform.Http("shop"), Enumerable.Repeat(0.1, 30), TimeSpan.FromMinutes(3));
        Assert.Equal(12, Assert.Single((await Now(evaluator)).Services).Requests);
    }

    [Fact]
    public async Task Metrics_that_come_late_take_spans_out_of_what_was_kept()
    {
        await using var platform = await Platform.StartAsync(clock);
        using var evaluator = Evaluator(platform);
        for (var minute = 55; minute >= 1; minute--)
        {
            await platform.PostAsync(platform.Http("shop"), [0.1], TimeSpan.FromMinutes(minute));
        }

        await platform.FlushAsync();
        Assert.Equal(55, Assert.Single((await Now(evaluator)).Services).Requests);
        await platform.MeasureAsync("shop", [100, 0, 0, 0], TimeSpan.FromMinutes(30));
        var open = await Now(evaluator);
        await platform.FlushAsync();
        using var fresh = Evaluator(platform);

        // Five minutes to either side of the point, both ends counted.
        foreach (var status in (WindowStatus[])[open, await Now(evaluator), await Now(fresh)])
        {
            Assert.Equal(100 + 55 - 11, Assert.Single(status.Services).Requests);
        }
    }

    [Fact]
    public async Task A_share_at_a_bound_of_the_sender_is_exact_and_an_end_that_nobody_knows_is_null()
    {
        await using var platform = await Platform.StartAsync(clock);
        using var evaluator = Evaluator(platform);
        await platform.MeasureAsync("shop", [30_000, 19_000, 0, 1_000]);
        var kpi = (await Now(evaluator)).Kpis[0];
        Assert.Equal(0.98, kpi.Shares!["1k"]!.Value, 9);
        Assert.Equal(0.6, kpi.Shares["1m"]!.Value, 9);
        Assert.Equal("fail", kpi.Verdicts["1k"]);
        Assert.Null(kpi.High);
        Assert.Equal(0.5, kpi.Value);
    }

    [Fact]
    public async Task Errors_are_told_by_the_labels_of_the_metric()
    {
        await using var platform = await Platform.StartAsync(clock);
        using var evaluator = Evaluator(platform);
        await platform.MeasureAsync("shop", [90, 0, 0, 0]);
        await platform.MeasureAsync("shop", [10, 0, 0, 0], status: "503");
        var service = Assert.Single((await Now(evaluator)).Services);
        Assert.Equal((100L, 10L, 0.1), (service.Requests, service.Errors, service.ErrorRatio!.Value));
    }

    private WindowEvaluator Evaluator(Platform platform) => new(Hour, platform.Rollup, platform.NewContext(), clock);

    private static Task<WindowStatus> Now(WindowEvaluator evaluator) => evaluator.EvaluateAsync(CancellationToken.None);
}
