using Kpi.Rollups;
using Kpi.Rollups.Time;
using Kpi.SloEngine.Evaluation;
using Kpi.SloEngine.Status;
using Microsoft.Extensions.Logging;

namespace Kpi.SloEngine.Live;

/// <summary>
/// Publishes watched windows soon after anything changed: a batch applied, a slice edge passed, a definition edited. A window
/// that takes long to evaluate is evaluated less often, so that it takes at most a fifth of the time.
/// </summary>
internal sealed class LiveLoop(StatusEngine engine, Rollup rollup, StatusContext context, TimeProvider clock, ILogger<LiveLoop> log)
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan DefinitionsEvery = TimeSpan.FromSeconds(1);

    // A quick evaluation rests as long as it took; a heavy one, of a long window over many series, four times as long.
    private static readonly TimeSpan Heavy = TimeSpan.FromMilliseconds(250);
    private const int RestOfHeavy = 4;

    private readonly Dictionary<StatusWindow, (Seen Seen, TimeSpan NotBefore)> windows =
        StatusWindow.Live.ToDictionary(w => w, _ => (default(Seen), TimeSpan.MinValue));

    private readonly Dictionary<StatusWindow, long> receipts = [];

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
                foreach (var window in StatusWindow.Live)
                {
                    await PublishIfChangedAsync(window, stopping).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping is how the loop ends.
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
        foreach (var window in StatusWindow.Live)
        {
            var waiting = receipts.GetValueOrDefault(window);
            receipts[window] = !engine.Board.IsWatched(window) ? 0 : waiting == 0 ? oldest : waiting;
        }
    }

    private async Task PublishIfChangedAsync(StatusWindow window, CancellationToken stopping)
    {
        var (seen, notBefore) = windows[window];
        var now = Elapsed;
        var current = new Seen(rollup.Lanes.Posted, Slice.Of(UnixNanos.Now(clock)), definitions, rollup.Intake.Changes);
        if (!engine.Board.IsWatched(window) || current == seen || now < notBefore)
        {
            return;
        }

        try
        {
            NoteReceipts(rollup.Lanes.TakeOldestReceipt());
            var receipt = receipts[window];
            receipts[window] = 0;
            var status = await engine.EvaluateAsync(window, stopping).ConfigureAwait(false);
            engine.Board.Publish(window, status with { OldestReceipt = receipt });
            var ended = Elapsed;
            windows[window] = (current, ended + ((ended - now) * (ended - now < Heavy ? 1 : RestOfHeavy)));
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            Log.EvaluationFailed(log, window.Name, failure);
            windows[window] = (seen, now + Slice.Length);
        }
    }

    private readonly record struct Seen(long Posted, Slice Slice, long Definitions, long Intake);
}
