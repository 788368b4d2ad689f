namespace Kpi.SamplePlatform.Demo;

/// <summary>
/// Finds the part that crashed. A process of ours that ended has; a server that is down has too, unless the shop's ledger says that it is
/// down on purpose. Ledger and server do not change in one instant, so a server is given a while.
/// </summary>
/// <param name="down">Names of the servers that do not run.</param>
/// <param name="stoppedOnPurpose">Names of the servers that open faults have stopped.</param>
/// <param name="logTail">The end of a server's log.</param>
internal sealed class DemoWatch(
    IReadOnlyList<DemoPart> parts,
    Func<IEnumerable<string>> down,
    Func<CancellationToken, Task<IReadOnlySet<string>>> stoppedOnPurpose,
    Func<string, string> logTail,
    TimeProvider clock)
{
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    // Servers that are down without a fault, since when. Bound: the servers.
    private readonly Dictionary<string, long> since = [];

    /// <summary>Returns when <paramref name="stop"/> is asked for.</summary>
    /// <exception cref="DemoException">A part crashed; the message names it and ends with the last lines of its log.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            foreach (var part in parts)
            {
                part.RequireRunning();
            }

            await RequireServersAsync(stop).ConfigureAwait(false);
            await Task.Delay(Pause, clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task RequireServersAsync(CancellationToken stop)
    {
        var missing = down().ToHashSet();
        if (missing.Count > 0)
        {
            missing.ExceptWith(await stoppedOnPurpose(stop).ConfigureAwait(false));
        }

        foreach (var back in since.Keys.Except(missing).ToArray())
        {
            since.Remove(back);
        }

        foreach (var name in missing)
        {
            since.TryAdd(name, clock.GetTimestamp());
            if (clock.GetElapsedTime(since[name]) >= Grace)
            {
                throw new DemoException($"{name} is down, and no fault has stopped it. The end of its log:\n{logTail(name)}");
            }
        }
    }
}
