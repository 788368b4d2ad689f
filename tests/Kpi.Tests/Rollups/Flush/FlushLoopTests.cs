using Kpi.Rollups;
using Kpi.Rollups.Coverage;
using Kpi.Rollups.Flush;
using Kpi.Rollups.Identity;
using Kpi.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kpi.Tests.Rollups.Flush;

public sealed class FlushLoopTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 22, 8, 0, 3, 250, TimeSpan.Zero);

    [Fact]
    public async Task It_flushes_just_after_every_slice_edge()
    {
        await using var run = new LoopRun(Start);
        Assert.Equal(new DateTimeOffset(2026, 11, 22, 8, 0, 10, TimeSpan.Zero) + FlushLoop.BehindEdge, await run.Clock.NextDueAsync());
        run.Clock.Advance(TimeSpan.FromSeconds(6.7));
        Assert.Empty(run.Rig.Store.Asked);
        run.Clock.Advance(TimeSpan.FromSeconds(0.08));
        for (var edge = 2; edge <= 5; edge++)
        {
            Assert.Equal(new DateTimeOffset(2026, 11, 22, 8, 0, edge * 10, TimeSpan.Zero) + FlushLoop.BehindEdge, await run.Clock.NextDueAsync());
            Assert.Equal(edge - 1, run.Rig.Store.Asked.Count);
            run.Clock.Advance(TimeSpan.FromSeconds(10));
        }
    }

    [Fact]
    public async Task From_exactly_an_edge_it_waits_for_the_next()
    {
        await using var run = new LoopRun(new DateTimeOffset(2026, 11, 22, 8, 0, 10, TimeSpan.Zero));
        Assert.Equal(new DateTimeOffset(2026, 11, 22, 8, 0, 20, TimeSpan.Zero) + FlushLoop.BehindEdge, await run.Clock.NextDueAsync());
    }

    [Fact]
    public async Task It_never_wakes_before_the_edge()
    {
        await using var run = new LoopRun(new DateTimeOffset(2026, 11, 22, 8, 0, 9, 999, TimeSpan.Zero).AddTicks(9_999));
        Assert.True(await run.Clock.NextDueAsync() >= new DateTimeOffset(2026, 11, 22, 8, 0, 10, TimeSpan.Zero));
    }

    [Fact]
    public async Task A_failure_is_not_the_end_of_the_loop()
    {
        await using var run = new LoopRun(Start);
        await run.Rig.PostAsync();
        run.Rig.Store.Next = () => FailingStore.Failure.BeforeCommit;
        await run.StepAsync();
        await run.StepAsync();
        run.Rig.Store.Next = () => FailingStore.Failure.None;
        await run.StepAsync();
        Assert.Equal([1, 1, 1, 2], run.Rig.Store.Asked);
        await run.Rig.SeesAsync(1);
    }

    /// <summary>A loop over a rig and a clock that stands still.</summary>
    private sealed class LoopRun : IAsyncDisposable
    {
        private readonly CancellationTokenSource stopping = new();
        private readonly RollupMetrics metrics;
        private readonly Task running;

        public LoopRun(DateTimeOffset start)
        {
            Clock = new FakeClock(start);
            metrics = new RollupMetrics(Rig.Catalog, Rig.Lanes, new CoverageBook(new RollupLimits(), CoverageIncrement.None, TimeProvider.System), Rig.Store);
            running = new FlushLoop(Rig.Flusher, metrics, Clock, NullLogger<FlushLoop>.Instance).RunAsync(stopping.Token);
        }

        public FlushRig Rig { get; } = new();

        public FakeClock Clock { get; }

        /// <summary>Goes to the next edge and waits until the loop waits again.</summary>
        public async Task StepAsync()
        {
            Clock.Advance(await Clock.NextDueAsync() - Clock.GetUtcNow());
            await Clock.NextDueAsync();
        }

        public async ValueTask DisposeAsync()
        {
            await stopping.CancelAsync();
            await running;
            metrics.Dispose();
            stopping.Dispose();
            await Rig.DisposeAsync();
        }
    }
}
