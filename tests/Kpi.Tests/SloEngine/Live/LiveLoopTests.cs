using Kpi.SloEngine.Status;
using Kpi.Testing;

namespace Kpi.Tests.SloEngine.Live;

public sealed class LiveLoopTests
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly StatusWindow Window = StatusWindow.Live[0];

    private readonly FakeClock clock = new(new DateTimeOffset(2026, 11, 22, 12, 0, 1, TimeSpan.Zero));

    [Fact]
    public async Task A_batch_is_published_by_the_next_tick()
    {
        await using var platform = await Platform.StartAsync(clock);
        using var watching = Start(platform);
        var first = await NextAsync(platform, after: 0);
        Assert.Empty(first.Services);
        await platform.PostAsync(platform.Http("shop"), [0.1]);
        var second = await NextAsync(platform, first.Version);
        Assert.Equal(1, Assert.Single(second.Services).Requests);
        Assert.NotEqual(0, second.OldestReceipt);
    }

    [Fact]
    public async Task Without_a_change_nothing_is_evaluated_until_the_slice_edge()
    {
        WatchedStore? store = null;
        await using var platform = await Platform.StartAsync(clock, around: inner => store = new WatchedStore(inner));
        using var watching = Start(platform);
        var first = await NextAsync(platform, after: 0);
        await TicksAsync(3);
        var opened = store!.Opened;
        await TicksAsync(20);
        Assert.Equal(opened, store.Opened);
        clock.Advance(TimeSpan.FromSeconds(10));
        var second = await NextAsync(platform, first.Version);
        Assert.Equal(first.To.AddSeconds(10), second.To);
        Assert.Equal(0, second.OldestReceipt); // it shows no new body
    }

    [Fact]
    public async Task Nobody_watching_nothing_is_evaluated()
    {
        WatchedStore? store = null;
        await using var platform = await Platform.StartAsync(clock, around: inner => store = new WatchedStore(inner));
        Start(platform).Dispose();
        var opened = store!.Opened;
        await platform.PostAsync(platform.Http("shop"), [0.1]);
        await TicksAsync(5);
        Assert.Equal(opened, store.Opened);
        Assert.Equal(0, platform.Rollup.Lanes.TakeOldestReceipt()); // nobody waits for what came in meanwhile
    }

    [Fact]
    public async Task An_edit_of_the_definitions_is_published_within_a_second_and_a_bit()
    {
        await using var platform = await Platform.StartAsync(clock);
        using var watching = Start(platform);
        var first = await NextAsync(platform, after: 0);
        platform.Alerts.Write("kpis.yaml", Platform.Kpis.Replace("1k: 200ms", "1k: 250ms"));
        var edited = clock.GetUtcNow();
        var second = await NextAsync(platform, first.Version);
        Assert.Equal(0.25, second.Kpis[0].Targets["1k"]);
        Assert.InRange(second.At - edited, TimeSpan.Zero, TimeSpan.FromSeconds(3));
        platform.Alerts.Write("kpis.yaml", "kpis: [");
        Assert.NotEmpty((await NextAsync(platform, second.Version)).Problems);
    }

    [Theory]
    [InlineData("5m", 1_000)]
    [InlineData("30d", 100)]
    [InlineData("month", 100)]
    public async Task Evaluation_takes_at_most_a_fifth_of_the_time_where_it_takes_long_or_the_window_is_long(string name, int milliseconds)
    {
        var window = StatusWindow.Live.First(w => w.Name == name);
        WatchedStore? store = null;
        await using var platform = await Platform.StartAsync(clock, around: inner => store = new WatchedStore(inner));
        store!.BeforeOpen = _ =>
        {
            clock.Advance(TimeSpan.FromMilliseconds(milliseconds)); // what an evaluation takes
            return Task.CompletedTask;
        };
        using var watching = Start(platform, window);
        var last = await NextAsync(platform, after: 0, window: window);
        for (var i = 0; i < 4; i++)
        {
            await platform.PostAsync(platform.Http("shop"), [0.1]);
            var next = await NextAsync(platform, last.Version, realTimePerTick: 10, window);
            Assert.True(next.At - last.At >= TimeSpan.FromMilliseconds(5 * milliseconds), $"{next.At - last.At} after the one before");
            last = next;
        }
    }

    [Fact]
    public async Task A_failure_is_tried_again_after_ten_seconds()
    {
        WatchedStore? store = null;
        await using var platform = await Platform.StartAsync(clock, around: inner => store = new WatchedStore(inner));
        store!.BeforeOpen = _ => throw new IOException("the disk is away");
        using var watching = Start(platform);
        var opened = store.Opened;
        using var patience = new CancellationTokenSource(Patience);
        while (store.Opened == opened)
        {
            patience.Token.ThrowIfCancellationRequested();
            await TicksAsync(1);
        }

        await TicksAsync(5);
        Assert.Equal(opened + 1, store.Opened);
        store.BeforeOpen = _ => Task.CompletedTask;
        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Empty((await NextAsync(platform, after: 0)).Services);
    }

    [Fact]
    public async Task A_wall_clock_that_is_set_back_stops_nothing()
    {
        var wrong = new SetClock(clock);
        await using var platform = await Platform.StartAsync(wrong);
        using var watching = Start(platform);
        var first = await NextAsync(platform, after: 0);
        wrong.Offset = TimeSpan.FromHours(-3);
        var second = await NextAsync(platform, first.Version);
        Assert.True(second.At < first.At);
        platform.Alerts.Write("kpis.yaml", Platform.Kpis.Replace("1k: 200ms", "1k: 250ms"));
        Assert.Equal(0.25, (await NextAsync(platform, second.Version)).Kpis[0].Targets["1k"]);
    }

    private static IDisposable Start(Platform platform, StatusWindow? window = null)
    {
        var watching = platform.Engine.Board.Watch(window ?? Window);
        platform.Engine.StartPublishing();
        return watching;
    }

    /// <summary>Lets time pass until a newer status is there; the loop's thread may be slow to get its turn, so each tick waits for it.</summary>
    private async Task<WindowStatus> NextAsync(Platform platform, long after, int realTimePerTick = 100, StatusWindow? window = null)
    {
        var next = platform.Engine.Board.NextAsync(window ?? Window, after, CancellationToken.None);
        using var patience = new CancellationTokenSource(Patience);
        while (!next.IsCompleted)
        {
            patience.Token.ThrowIfCancellationRequested();
            clock.Advance(Tick);
            await Task.WhenAny(next, Task.Delay(TimeSpan.FromMilliseconds(realTimePerTick)));
        }

        return await next;
    }

    // The loop runs on its own thread: give it a moment of real time after each tick.
    private async Task TicksAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            clock.Advance(Tick);
            await Task.Delay(TimeSpan.FromMilliseconds(10));
        }
    }

    /// <summary>The time of another clock, but for what people have set on the wall.</summary>
    private sealed class SetClock(TimeProvider inner) : TimeProvider
    {
        public TimeSpan Offset { get; set; }

        public override long TimestampFrequency => inner.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => inner.GetUtcNow() + Offset;

        public override long GetTimestamp() => inner.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            inner.CreateTimer(callback, state, dueTime, period);
    }
}
