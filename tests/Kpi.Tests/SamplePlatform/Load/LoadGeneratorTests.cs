using Kpi.SamplePlatform.Load;
using Kpi.Testing;

namespace Kpi.Tests.SamplePlatform.Load;

public sealed class LoadGeneratorTests
{
    private static readonly LoadPreset Middle = LoadPreset.Find("100k")!;

    private readonly FakeClock clock = new();
    private readonly LoadTally tally = new();
    private readonly List<(PlannedRequest Request, TimeSpan At, TaskCompletionSource<int?> Answer)> sent = [];
    private readonly DateTimeOffset begin;

    public LoadGeneratorTests() => begin = clock.GetUtcNow();

    [Fact]
    public async Task Every_request_starts_at_its_time_though_none_is_answered()
    {
        var run = Start(TimeSpan.FromSeconds(10));
        await AdvanceAsync(TimeSpan.FromSeconds(11));

        var plan = new RequestPlan(Middle, 1);
        Assert.InRange(sent.Count, 400, 800);
        Assert.All(sent, s => Assert.Equal(plan.Next(), s.Request));
        Assert.All(sent, s => Assert.InRange((s.At - s.Request.Due).TotalMilliseconds, 0, 1.1));
        Assert.Equal(0, Report().Late);
        await EndAsync(run);
    }

    [Fact]
    public async Task Latency_counts_from_the_planned_start_and_a_late_start_is_said()
    {
        // The first send holds the loop for 2 s, as a stalled machine does: what was due meanwhile starts late.
        var stalled = false;
        var run = Start(TimeSpan.FromSeconds(4), before: () =>
        {
            if (!stalled)
            {
                stalled = true;
                clock.Advance(TimeSpan.FromSeconds(2));
            }
        });
        await AdvanceAsync(TimeSpan.FromSeconds(4));
        foreach (var (_, _, answer) in sent)
        {
            answer.SetResult(200);
        }

        await EndAsync(run);
        var report = Report();
        Assert.InRange(report.Late, 60, 200);
        Assert.True(report.P99Seconds > 3.5, $"p99 {report.P99Seconds}");
        Assert.Equal(report.Sent, report.Ok);
    }

    [Fact]
    public async Task More_than_a_thousand_under_way_are_not_sent_and_said()
    {
        var run = Start(TimeSpan.FromSeconds(30));
        await AdvanceAsync(TimeSpan.FromSeconds(31));

        Assert.Equal(LoadGenerator.MostUnderWay, sent.Count);
        await EndAsync(run);
        var report = Report();
        Assert.InRange(report.NotSent, 500, 1_000);
        Assert.Equal((report.Planned - report.Sent, 1_000L, 1_000L), (report.NotSent, report.Sent, report.Unfinished));
    }

    [Fact]
    public async Task A_stop_ends_the_run_with_the_answers_that_are_still_to_come()
    {
        using var stop = new CancellationTokenSource();
        var run = Start(null, stop: stop.Token);
        await AdvanceAsync(TimeSpan.FromSeconds(2));
        await stop.CancelAsync();
        var count = sent.Count;
        for (var i = 0; i < count; i++)
        {
            sent[i].Answer.SetResult(i % 2 == 0 ? 503 : null);
        }

        await EndAsync(run);
        Assert.Equal(count, sent.Count);
        var report = Report();
        Assert.Equal((0, (count + 1) / 2, count / 2, 0), (report.Ok, report.ByStatus[503], report.Failed, report.Unfinished));
        Assert.Equal(report.Sent, report.ByKind.Values.Sum());
    }

    private Task Start(TimeSpan? length, Action? before = null, CancellationToken stop = default)
    {
        var generator = new LoadGenerator(
            (request, _) =>
            {
                before?.Invoke();
                var answer = new TaskCompletionSource<int?>();
                sent.Add((request, clock.GetUtcNow() - begin, answer));
                return answer.Task;
            },
            tally,
            clock);
        return generator.RunAsync(new RequestPlan(Middle, 1), length, stop);
    }

    private async Task EndAsync(Task run)
    {
        await AdvanceAsync(LoadGenerator.DrainTime + TimeSpan.FromSeconds(1));
        await run.WaitAsync(TimeSpan.FromSeconds(10));
    }

    // On a thread without the tests' context, so that what waited goes on at once, at the time it waited for.
    private Task AdvanceAsync(TimeSpan by) => Task.Run(() => clock.Advance(by));

    private LoadReport Report() => tally.Report("http://shop", Middle, 1);
}
