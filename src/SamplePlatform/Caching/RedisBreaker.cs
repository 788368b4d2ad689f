namespace Kpi.SamplePlatform.Caching;

/// <summary>
/// Whether Redis may be asked. Opens after some failures in a row, or at once when a delete was lost, because from then on
/// what Redis holds may be stale. Once open, it closes only by a probe, and after a lost delete the probe must have emptied Redis.
/// </summary>
internal sealed class RedisBreaker(CacheOptions options, TimeProvider time)
{
    private readonly Lock gate = new();
    private BreakerState state;
    private int failures;
    private bool deleteLost;
    private long openedAt;

    public BreakerState State
    {
        get
        {
            lock (gate)
            {
                return state;
            }
        }
    }

    /// <summary>May a command be sent? <paramref name="probe"/>: no, but the caller must now start the probe.</summary>
    public bool Allows(out bool probe)
    {
        lock (gate)
        {
            probe = state == BreakerState.Open && time.GetElapsedTime(openedAt) >= options.OpenFor;
            state = probe ? BreakerState.HalfOpen : state;
            return state == BreakerState.Closed;
        }
    }

    public void Succeeded()
    {
        lock (gate)
        {
            failures = 0;
        }
    }

    public void Failed()
    {
        lock (gate)
        {
            failures++;
            if (state == BreakerState.Closed && failures >= options.FailuresToOpen)
            {
                Open_NeedsLock();
            }
        }
    }

    /// <summary>A key may hold an old value, and we could not take it away.</summary>
    public void LostDelete()
    {
        lock (gate)
        {
            deleteLost = true;
            if (state == BreakerState.Closed)
            {
                Open_NeedsLock();
            }
        }
    }

    /// <summary>The probe begins. True: it must empty Redis; deletes lost from here on count anew.</summary>
    public bool BeginProbe()
    {
        lock (gate)
        {
            var flush = deleteLost;
            deleteLost = false;
            return flush;
        }
    }

    /// <param name="flush">What <see cref="BeginProbe"/> asked for: owed still when the probe failed.</param>
    public void EndProbe(bool succeeded, bool flush)
    {
        lock (gate)
        {
            deleteLost |= flush && !succeeded;
            if (succeeded && !deleteLost)
            {
                state = BreakerState.Closed;
                failures = 0;
            }
            else
            {
                Open_NeedsLock();
            }
        }
    }

    private void Open_NeedsLock()
    {
        state = BreakerState.Open;
        openedAt = time.GetTimestamp();
    }
}

internal enum BreakerState
{
    Closed,
    Open,

    /// <summary>One probe is under way; everybody else still goes without.</summary>
    HalfOpen,
}
