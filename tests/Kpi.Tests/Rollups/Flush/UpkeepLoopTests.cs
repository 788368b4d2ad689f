using Kpi.Rollups;
using Kpi.Rollups.Coverage;
using Kpi.Rollups.Flush;
using Kpi.Rollups.Identity;
using Kpi.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kpi.Tests.Rollups.Flush;

public sealed class UpkeepLoopTests
{
    [Fact]
    public async Task It_goes_on_while_there_is_more_to_do_and_rests_in_between()
    {
        var left = 3;
        await using var run = new LoopRun(() => --left > 0);
        for (var steps = 1; steps <= 2; steps++)
        {
            var rest = await run.Clock.NextDueAsync() - run.Clock.GetUtcNow();
            Assert.InRange(rest, TimeSpan.FromTicks(1), TimeSpan.FromSeconds(1));
            Assert.Equal(steps, run.Rig.Store.Maintained.Count);
            run.Clock.Advance(rest);
        }

        Assert.Equal(UpkeepLoop.Every, await run.Clock.NextDueAsync() - run.Clock.GetUtcNow());
    }

    [Fact]
    public async Task A_failure_is_not_the_end_of_it()
    {
        await using var run = new LoopRun(() => throw new IOException("the disk is full"));
        Assert.Equal(UpkeepLoop.Every, await run.Clock.NextDueAsync() - run.Clock.GetUtcNow());
        run.Rig.Store.More = () => false;
        run.Clock.Advance(UpkeepLoop.Every);
        await run.Clock.NextDueAsync();
        Assert.Equal(2, run.Rig.Store.Maintained.Count);
    }

    /// <summary>A loop over a rig and a clock that stands still.</summary>
    private sealed class LoopRun : IAsyncDisposable
    {
        private readonly CancellationTokenSource stopping = new();
        private readonly RollupMetrics metrics;
        private readonly Task running;

        public LoopRun(Func<bool> more)
        {
            Rig.Store.More = more;
            metrics = new RollupMetrics(Rig.Catalog, Rig.Lanes, new CoverageBook(new RollupLimits(), CoverageIncrement.None, TimeProvider.System), Rig.Store);
            running = new UpkeepLoop(Rig.Store, metrics, Clock, NullLogger<UpkeepLoop>.Instance).RunAsync(stopping.Token);
        }

        public FlushRig Rig { get; } = new();

        public FakeClock Clock { get; } = new();

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
