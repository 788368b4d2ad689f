using Kpi.Rollups;
using Kpi.Rollups.Time;
using Kpi.SloEngine.Evaluation;
using Kpi.SloEngine.Status;
using Microsoft.Extensions.Logging;

namespace Kpi.SloEngine.Live;

/// <summary>
/// Publishes watched windows soon after anything changed: a batch applied, a slice edge passed, a definition edited. A window
/// that takes long to evaluate is evaluated less often, so that it takes at most a fifth of the time. Windows over 24 h are always
/// treated so, and beside the others, which do not wait for them.
/// </summary>
internal sealed class LiveLoop(StatusEngine engine, Rollup rollup, StatusContext context, TimeProvider clock, ILogger<LiveLoop> log)
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan DefinitionsEvery = TimeSpan.FromSeconds(1);

    // A quick evaluation rests as long as it took; a heavy one, of a long window over many series, four times as long.
    private static readonly TimeSpan Heavy = TimeSpan.FromMilliseconds(250);
    private const int RestOfHeavy = 4;

    private readonly List<Turn> turns = [.. StatusWindow.Live.Select(w => new Turn(w))];

    private long definitions;

    // Since some moment in the past, and never back: the wall clock may be set back by hours.
    private TimeSpan Elapsed => clock.GetElapsedTime(startingTimestamp: 0);

    public async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Tick, clock);
        var pollAt = TimeSpan.MinValue;
        try
        {
            while (await timer.WaitForNextTickAsync(stopping).ConfigureAwait(false))
            {
                var now = Elapsed;
                if (now >= pollAt)
                {
                    pollAt = now + DefinitionsEvery;
                    PollDefinitions();
                }

                NoteReceipts(rollup.Lanes.TakeOldestReceipt());
                foreach (var turn in turns.Where(t => t.Running.IsCompleted))
                {
                    turn.Running = PublishIfChangedAsync(turn, stopping);
                    await (turn.Window.IsLong ? Task.CompletedTask : turn.Running).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping is how the loop ends.
        }
        finally
        {
            await Task.WhenAll(turns.Select(t => t.Running)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void PollDefinitions()
    {
        try
        {
            definitions += context.PollDefinitions() ? 1 : 0;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            Log.DefinitionsUnread(log, failure);
        }
    }

    // Each watched window shows a body for itself. Where nobody watches, nobody waits.
    private void NoteReceipts(long oldest)
    {
        foreach (var turn in turns)
        {
            var waiting = Interlocked.Read(ref turn.Receipt);
            var noted = !engine.Board.IsWatched(turn.Window) ? 0 : waiting == 0 ? oldest : waiting;
            Interlocked.CompareExchange(ref turn.Receipt, noted, waiting);
        }
    }

    private async Task PublishIfChangedAsync(Turn turn, CancellationToken stopping)
    {
        var now = Elapsed;
        var current = new Seen(rollup.Lanes.Posted, Slice.Of(UnixNanos.Now(clock)), definitions, rollup.Intake.Changes);
        if (!engine.Board.IsWatched(turn.Window) || current == turn.Seen || now < turn.NotBefore)
        {
            return;
        }

        try
        {
            NoteReceipts(rollup.Lanes.TakeOldestReceipt());
            var receipt = Interlocked.Exchange(ref turn.Receipt, 0);
            var status = await engine.EvaluateAsync(turn.Window, stopping).ConfigureAwait(false);
            engine.Board.Publish(turn.Window, status with { OldestReceipt = receipt });
            var took = Elapsed - now;
            turn.Seen = current;
            turn.NotBefore = now + took + (took * (turn.Window.IsLong || took >= Heavy ? RestOfHeavy : 1));
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            Log.EvaluationFailed(log, turn.Window.Name, failure);
            turn.NotBefore = now + Slice.Length;
        }
    }

    private readonly record struct Seen(long Posted, Slice Slice, long Definitions, long Intake);

    /// <summary>Where a window stands; but for the receipt only its own evaluation writes to it, one at a time.</summary>
    private sealed class Turn(StatusWindow window)
    {
        public long Receipt;

        public StatusWindow Window { get; } = window;

        public Seen Seen { get; set; }

        public TimeSpan NotBefore { get; set; } = TimeSpan.MinValue;

        public Task Running { get; set; } = Task.CompletedTask;
    }
}
