namespace Kpi.SamplePlatform.Faults.Switches;

/// <summary>A share of the requests of one route fails. Affected: the requests that failed.</summary>
internal sealed class ErrorRoute() : FaultSwitch("error-route")
{
    private Attempts? attempts;

    public override FaultSize Size { get; } = new(0.05, 0.0001, 1, "a share of the requests");

    /// <summary>Throws for exactly the chosen share: of n requests, the whole part of n × share, evenly spread.</summary>
    /// <exception cref="InjectedFailureException">This is one of them.</exception>
    public void MayFail()
    {
        if (Current is { } entry && Volatile.Read(ref attempts) is { } counted && counted.NextFails())
        {
            entry.Count();
            throw new InjectedFailureException();
        }
    }

    protected override Task BeginAsync(FaultEntry entry, CancellationToken cancellation)
    {
        Volatile.Write(ref attempts, new Attempts((decimal)entry.Size!.Value));
        return Task.CompletedTask;
    }

    private sealed class Attempts(decimal share)
    {
        private long count;

        public bool NextFails()
        {
            var n = Interlocked.Increment(ref count);
            return decimal.Floor(n * share) > decimal.Floor((n - 1) * share);
        }
    }
}

/// <summary>What the fault <c>error-route</c> throws; to the shop it is any bug.</summary>
internal sealed class InjectedFailureException() : Exception("this request fails because the fault error-route is on");
