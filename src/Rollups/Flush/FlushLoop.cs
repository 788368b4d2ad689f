using Kpi.Rollups.Time;
using Microsoft.Extensions.Logging;

namespace Kpi.Rollups.Flush;

/// <summary>Flushes just after every slice edge.</summary>
internal sealed class FlushLoop(Flusher flusher, RollupMetrics metrics, TimeProvider clock, ILogger<FlushLoop> log)
{
    /// <summary>Timers may fire a moment early; then the slice would still be open and a second flush follow at once.</summary>
    public static readonly TimeSpan BehindEdge = TimeSpan.FromMilliseconds(20);

    public async Task RunAsync(CancellationToken stopping)
    {
        while (true)
        {
            try
            {
                await Task.Delay(UntilNextEdge(), clock, stopping).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await FlushOnceAsync().ConfigureAwait(false);
        }
    }

    /// <summary>One flush; a failure is logged and counted, and the cells stay for the next.</summary>
    public async Task FlushOnceAsync()
    {
        var started = clock.GetTimestamp();
        try
        {
            await flusher.FlushAsync(CancellationToken.None).ConfigureAwait(false);
            metrics.Flushed(clock.GetElapsedTime(started));
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            metrics.FlushFailed();
            Log.FlushFailed(log, failure);
        }
    }

    private TimeSpan UntilNextEdge()
    {
        var now = UnixNanos.Now(clock);
        var edge = Slice.Of(now).End.Value;
        edge += edge == now.Value ? Slice.LengthNanos : 0;
        return TimeSpan.FromMilliseconds(Math.Ceiling((edge - now.Value) / 1e6)) + BehindEdge;
    }
}
