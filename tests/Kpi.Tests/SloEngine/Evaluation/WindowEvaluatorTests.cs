using Kpi.Rollups.Intake;
using Kpi.Rollups.Time;
using Kpi.SloEngine.Evaluation;
using Kpi.SloEngine.Status;
using Kpi.Testing;

namespace Kpi.Tests.SloEngine.Evaluation;

public sealed class WindowEvaluatorTests
{
    private static readonly TrailingWindow FiveMinutes = new("5m", TimeSpan.FromMinutes(5));

    private readonly FakeClock clock = new();

    [Fact]
    public async Task What_was_applied_before_the_call_is_in_the_answer()
    {
        await using var platform = await Platform.StartAsync(clock);
        using var evaluator = Evaluator(platform);
        for (var i = 1; i <= 20; i++)
        {
            await platform.PostAsync(platform.Http("shop"), [0.1]);
            Assert.Equal(i, Assert.Single((await Now(evaluator)).Services).Requests);
        }
    }

    [Fact]
    public async Task A_flush_changes_no_number()
    {
        await using var platform = await Platform.StartAsync(clock);
        using var evaluator = Evaluator(platform);
        var random = new Random(1);
        foreach (var status in new[] { "200", "404", "499", "500" })
        {
            var series = platform.Http("shop", status);
            for (var ago = 0; ago < 290; ago += 30)
            {
                await platform.PostAsync(series, Enumerable.Range(0, 50).Select(_ => random.NextDouble()), TimeSpan.FromSeconds(ago));
            }
        }

        var open = await Now(evaluator);
        await platform.FlushAsync();
        var committed = await Now(evaluator);
        await platform.FlushAsync();
        AssertSame(open, committed);
        AssertSame(open, await Now(evaluator));
        using var fresh = Evaluator(platform);
        AssertSame(open, await Now(fresh));
    }

    [Fact]
    public async Task At_a_slice_edge_the_window_moves_by_one_slice_and_loses_the_oldest()
    {
        await using var platform = await Platform.StartAsync(clock);
        using var evaluator = Evaluator(platform);
        clock.Advance(TimeSpan.FromSeconds(1));
        await platform.PostAsync(platform.Http("old"), [0.1], TimeSpan.FromSeconds(290));
        await platform.PostAsync(platform.Http("new"), [0.1]);
        var before = await Now(evaluator);
        Assert.Equal(["new", "old"], before.Services.Select(s => s.Service));
        Assert.Equal(TimeSpan.FromMinutes(5), before.To - before.From);
        Assert.Equal(0, before.To.Second % 10);

        clock.Advance(TimeSpan.FromSeconds(9)); // exactly on the edge: the slice that ends now is still the last
        Assert.Equal(before.To, (await Now(evaluator)).To);
        clock.Advance(TimeSpan.FromTicks(1));
        var after = await Now(evaluator);
        Assert.Equal(before.To.AddSeconds(10), after.To);
        Assert.Equal(["new"], after.Services.Select(s => s.Service));
        Assert.Equal(1, after.Services[0].Spark[^2] * 10);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Late_data_flushes_and_time_in_any_order_give_what_a_list_gives(int seed)
    {
        await using var platform = await Platform.StartAsync(clock);
        using var evaluator = Evaluator(platform);
        var random = new Random(seed);
        var sent = new List<(int Slice, string Service, string Status, double[] Seconds)>();
        for (var i = 0; i < 80; i++)
        {
            switch (random.Next(4))
            {
                case 0:
                    await platform.FlushAsync();
                    break;
                case 1:
                    clock.Advance(TimeSpan.FromSeconds(random.Next(1, 15)));
                    break;
                default:
                    var service = $"service{random.Next(3)}";
                    var status = new[] { "200", "500", "499" }[random.Next(3)];
                    var ago = TimeSpan.FromSeconds(random.Next(400));
                    double[] seconds = [.. Enumerable.Range(0, random.Next(1, 30)).Select(_ => random.Next(1, 300) / 1e3)];
                    await platform.PostAsync(platform.Http(service, status), seconds, ago);
                    sent.Add((Slice.Of(UnixNanos.From(clock.GetUtcNow() - ago)).Number, service, status, seconds));
                    break;
            }

            var found = await Now(evaluator);
            var range = SliceRange.EndingAt(UnixNanos.Now(clock), FiveMinutes.Length);
            var inside = sent.Where(s => range.Contains(new Slice(s.Slice))).ToList();
            Assert.Equal(
                inside.GroupBy(s => s.Service).OrderBy(g => g.Key).Select(g => (
                    g.Key,
                    g.Sum(s => (long)s.Seconds.Length),
                    g.Where(s => s.Status == "500").Sum(s => (long)s.Seconds.Length))),
                found.Services.Select(s => (s.Service, s.Requests, s.Errors)));
            double[] all = [.. inside.SelectMany(s => s.Seconds)];
            Assert.Equal(all.Length == 0 ? null : all.Count(s => s <= 0.2) / (double)all.Length, found.Kpis[0].Numerator);
        }
    }

    [Fact]
    public async Task Callers_that_wait_together_share_one_evaluation()
    {
        WatchedStore? store = null;
        await using var platform = await Platform.StartAsync(clock, around: inner => store = new WatchedStore(inner));
        using var evaluator = Evaluator(platform);
        await Now(evaluator); // the first of all looks at the stored series as well
        using var first = new Pause(store!);
        var running = Now(evaluator);
        await first.Reached;
        var opened = store!.Opened;
        List<Task<WindowStatus>> waiting = [.. Enumerable.Range(0, 50).Select(_ => Now(evaluator))];
        first.GoOn();
        var answers = await Task.WhenAll(waiting);
        Assert.All(answers, answer => Assert.Same(answers[0], answer));
        Assert.NotSame(await running, answers[0]); // it had begun before they asked
        Assert.Equal(opened + 1, store.Opened);
    }

    [Fact]
    public async Task Who_gives_up_takes_nobody_along()
    {
        WatchedStore? store = null;
        await using var platform = await Platform.StartAsync(clock, around: inner => store = new WatchedStore(inner));
        await platform.PostAsync(platform.Http("shop"), [0.1]);
        using var evaluator = Evaluator(platform);
        using var pause = new Pause(store!);
        using var impatient = new CancellationTokenSource();
        var running = evaluator.EvaluateAsync(impatient.Token);
        await pause.Reached;
        var waiting = Now(evaluator);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        pause.GoOn();
        Assert.Equal(1, Assert.Single((await waiting).Services).Requests);
    }

    [Fact]
    public async Task A_failure_is_the_callers_and_the_next_call_is_right_again()
    {
        WatchedStore? store = null;
        await using var platform = await Platform.StartAsync(clock, around: inner => store = new WatchedStore(inner));
        using var evaluator = Evaluator(platform);
        await platform.PostAsync(platform.Http("shop"), [0.1]);
        await Now(evaluator);
        store!.BeforeOpen = _ => throw new IOException("the disk is away");
        await Assert.ThrowsAsync<IOException>(() => Now(evaluator));
        store.BeforeOpen = _ => Task.CompletedTask;
        await platform.PostAsync(platform.Http("shop"), [0.1]);
        Assert.Equal(2, Assert.Single((await Now(evaluator)).Services).Requests);
    }

    [Fact]
    public async Task New_targets_change_verdicts_at_once_and_shares_are_exact_from_then_on()
    {
        await using var platform = await Platform.StartAsync(clock);
        var context = platform.NewContext();
        using var evaluator = new WindowEvaluator(FiveMinutes, platform.Rollup, context, clock);
        double[] seconds = [.. Enumerable.Range(0, 2_000).Select(i => 0.1710005 + (i * 1e-6))]; // within one bucket around 172 ms
        await platform.PostAsync(platform.Http("shop"), seconds);
        Assert.Equal(("pass", 1.0), LatencyOf(await Now(evaluator)));

        platform.Alerts.Write("kpis.yaml", Platform.Kpis.Replace("1k: 200ms, 100k: 150ms", "1k: 172ms, 100k: 150ms"));
        Assert.True(context.PollDefinitions());
        var exact = seconds.Count(s => s <= 0.172) / 2_000.0;
        var (_, bounded) = LatencyOf(await Now(evaluator));
        Assert.NotEqual(exact, bounded); // the old cells did not count at 172 ms
        Assert.InRange(bounded, 0, 1);

        clock.Advance(TimeSpan.FromMinutes(6)); // the old data leaves the window
        await platform.PostAsync(platform.Http("shop"), seconds);
        Assert.Equal(("fail", exact), LatencyOf(await Now(evaluator)));
        await platform.FlushAsync();
        Assert.Equal(("fail", exact), LatencyOf(await Now(evaluator)));
    }

    [Fact]
    public async Task A_mistake_in_the_definitions_is_shown_and_changes_nothing_else()
    {
        await using var platform = await Platform.StartAsync(clock);
        var context = platform.NewContext();
        using var evaluator = new WindowEvaluator(FiveMinutes, platform.Rollup, context, clock);
        await platform.PostAsync(platform.Http("shop"), Enumerable.Repeat(0.1, 400));
        var before = await Now(evaluator);
        platform.Alerts.Write("kpis.yaml", Platform.Kpis.Replace("1k: 200ms", "1k: fast"));
        Assert.True(context.PollDefinitions());
        var after = await Now(evaluator);
        Assert.Equal("kpis.yaml", Assert.Single(after.Problems).File);
        AssertSame(before, after with { Problems = [] });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_metric_just_before_the_window_tells_of_the_windows_first_minutes(bool committed)
    {
        await using var platform = await Platform.StartAsync(clock);
        using var evaluator = Evaluator(platform);
        await platform.MeasureAsync("shop", [1, 0, 0, 0], TimeSpan.FromSeconds(320));
        await platform.PostAsync(platform.Http("shop"), [0.1], TimeSpan.FromSeconds(290));
        await platform.PostAsync(platform.Http("shop"), [0.1, 0.1]);
        if (committed)
        {
            await platform.FlushAsync();
        }

        Assert.Equal(2, Assert.Single((await Now(evaluator)).Services).Requests);
    }

    [Fact]
    public async Task Ingest_tells_what_came_in_and_where_to_send()
    {
        await using var platform = await Platform.StartAsync(clock);
        using var evaluator = Evaluator(platform);
        platform.Rollup.Intake.Take(TelemetrySignal.Traces, 7, UnixNanos.Now(clock).Value);
        platform.Rollup.Intake.Count(TelemetrySignal.Metrics, RejectReason.TooOld, 2);
        platform.Rollup.Intake.Refuse(RejectReason.Malformed, 5);
        platform.Rollup.Intake.Count(TelemetrySignal.Traces, RejectReason.EndBeforeStart);
        platform.Http("shop");
        var ingest = (await Now(evaluator)).Ingest;
        Assert.Equal(7, ingest.Accepted);
        Assert.Equal([new("malformed", 5), new("too_old", 2)], ingest.Refused);
        Assert.Equal([new("end_before_start", 1)], ingest.Noted);
        Assert.Equal((1, 100_000), (ingest.Series, ingest.SeriesLimit));
        Assert.Equal(clock.GetUtcNow(), ingest.LastReceived);
        Assert.Equal(Platform.Endpoints, ingest.Endpoints);
    }

    private static Task<WindowStatus> Now(WindowEvaluator evaluator) => evaluator.EvaluateAsync(CancellationToken.None);

    private static (string Verdict, double Share) LatencyOf(WindowStatus status) =>
        (status.Kpis[0].Verdicts["1k"], status.Kpis[0].Shares!["1k"]!.Value);

    private static void AssertSame(WindowStatus expected, WindowStatus found)
    {
        var reused = found.Reusing(expected);
        Assert.All(reused.Kpis.Zip(expected.Kpis), pair => Assert.Same(pair.Second, pair.First));
        Assert.Equal(expected.Services.Count, reused.Services.Count);
        Assert.All(reused.Services.Zip(expected.Services), pair => Assert.Same(pair.Second, pair.First));
        Assert.Same(expected.Ingest, reused.Ingest);
        Assert.Same(expected.Problems, reused.Problems);
    }

    private WindowEvaluator Evaluator(Platform platform) => new(FiveMinutes, platform.Rollup, platform.NewContext(), clock);

    /// <summary>Holds the next opening of the store until told to go on.</summary>
    private sealed class Pause : IDisposable
    {
        private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Pause(WatchedStore store) => store.BeforeOpen = cancellation =>
        {
            store.BeforeOpen = _ => Task.CompletedTask;
            reached.SetResult();
            return goOn.Task.WaitAsync(cancellation);
        };

        public Task Reached => reached.Task.WaitAsync(TimeSpan.FromSeconds(10));

        public void GoOn() => goOn.TrySetResult();

        public void Dispose() => GoOn();
    }
}
