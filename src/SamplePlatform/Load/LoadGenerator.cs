namespace Kpi.SamplePlatform.Load;

/// <summary>
/// Open loop: every request starts at its planned time, whether or not earlier ones have been answered, and its latency counts from
/// that time. A slow server therefore sees the same load as a fast one, and is not flattered by the requests that it kept waiting.
/// </summary>
/// <param name="send">Sends one request; the status of the answer, or null when there was none. Does not throw.</param>
internal sealed class LoadGenerator(Func<PlannedRequest, CancellationToken, Task<int?>> send, LoadTally tally, TimeProvider clock)
{
    /// <summary>Requests under way at once; one more is not sent, and counted as such.</summary>
    public const int MostUnderWay = 1_000;

    /// <summary>How long the end of a run waits for the answers still missing.</summary>
    public static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    /// <summary>
    /// Sends until <paramref name="stop"/> or the first request due after <paramref name="length"/>, then waits for answers.
    /// </summary>
    public async Task RunAsync(RequestPlan plan, TimeSpan? length, CancellationToken stop)
    {
        var begin = clock.GetTimestamp();
        using var cut = new CancellationTokenSource();
        for (var request = plan.Next(); !stop.IsCancellationRequested && !(request.Due > length); request = plan.Next())
        {
            if (!await IsDueAsync(request.Due, begin, stop).ConfigureAwait(false))
            {
                break;
            }

            Start(request, begin, cut.Token);
        }

        for (var asked = clock.GetTimestamp(); tally.UnderWay > 0 && clock.GetElapsedTime(asked) < DrainTime;)
        {
            await Task.Delay(Tick, clock, CancellationToken.None).ConfigureAwait(false);
        }

        await cut.CancelAsync().ConfigureAwait(false);
    }

    private async Task<bool> IsDueAsync(TimeSpan due, long begin, CancellationToken stop)
    {
        try
        {
            for (var left = due - clock.GetElapsedTime(begin); left > TimeSpan.Zero; left = due - clock.GetElapsedTime(begin))
            {
                await Task.Delay(left > Tick ? left : Tick, clock, stop).ConfigureAwait(false);
            }

            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private void Start(PlannedRequest request, long begin, CancellationToken cut)
    {
        if (tally.UnderWay >= MostUnderWay)
        {
            tally.NotSent(request);
            return;
        }

        tally.Sent(request, clock.GetElapsedTime(begin));
        _ = FinishAsync(request, begin, cut);
    }

    private async Task FinishAsync(PlannedRequest request, long begin, CancellationToken cut)
    {
        var status = await send(request, cut).ConfigureAwait(false);
        if (!cut.IsCancellationRequested)
        {
            tally.Ended(status, clock.GetElapsedTime(begin) - request.Due);
        }
    }
}
