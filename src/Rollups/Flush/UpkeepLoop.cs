using Kpi.Rollups.Store;
using Kpi.Rollups.Time;
using Microsoft.Extensions.Logging;

namespace Kpi.Rollups.Flush;

/// <summary>
/// Keeps the store in order beside the flushes: steps one after the other while there is something to do, with a rest after each that
/// leaves a processor to those who send and read.
/// </summary>
internal sealed class UpkeepLoop(IRollupStore store, RollupMetrics metrics, TimeProvider clock, ILogger<UpkeepLoop> log)
{
    /// <summary>Between two looks when there was nothing to do.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan LeastRest = TimeSpan.FromMilliseconds(1);

    public async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(await StepAsync(stopping).ConfigureAwait(false), clock, stopping).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    // Rests for as long as the step took: half a processor at most, however much there is to catch up with.
    private async Task<TimeSpan> StepAsync(CancellationToken stopping)
    {
        var started = clock.GetTimestamp();
        try
        {
            var more = await store.MaintainAsync(Slice.Of(UnixNanos.Now(clock)), stopping).ConfigureAwait(false);
            var took = clock.GetElapsedTime(started);
            if (!more)
            {
                return Every;
            }

            metrics.Upkept(took);
            return took > LeastRest ? took : LeastRest;
        }
        catch (Exception failure) when (failure is not (OutOfMemoryException or OperationCanceledException))
        {
            metrics.UpkeepFailed();
            Log.UpkeepFailed(log, failure);
            return Every;
        }
    }
}
