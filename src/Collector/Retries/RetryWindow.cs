namespace Kpi.Collector.Retries;

/// <summary>
/// Bodies taken lately, so that one which comes again after a lost answer gets the first answer and is not counted. A body is known
/// from the moment it is under way; one that is refused is forgotten. Any thread.
/// </summary>
/// <param name="length">For how long a body is remembered after it was taken; zero turns this off.</param>
/// <param name="most">Bodies remembered; over it the oldest leave early.</param>
internal sealed class RetryWindow(TimeSpan length, int most, TimeProvider clock)
{
    private readonly Lock gate = new();

    // Bounded: taken bodies by `most`, those under way by the budget of bytes in flight.
    private readonly Dictionary<UInt128, TaskCompletionSource<byte[]?>> known = [];
    private readonly Queue<(UInt128 Digest, TimeSpan At)> taken = new();
    private long shortened;

    /// <summary>Bodies that left before their time because too many came.</summary>
    public long Shortened => Volatile.Read(ref shortened);

    private TimeSpan Now => clock.GetElapsedTime(startingTimestamp: 0);

    /// <summary>
    /// Null when the body is new: the caller takes it and then says <see cref="Take"/> or <see cref="Forget"/>. Else the answer that
    /// the first one gets, once it has one; null from that task when the first was refused, then ask again.
    /// </summary>
    public Task<byte[]?>? Enter(UInt128 digest)
    {
        if (length == TimeSpan.Zero)
        {
            return null;
        }

        lock (gate)
        {
            Expire_NeedsLock();
            if (known.TryGetValue(digest, out var first))
            {
                return first.Task;
            }

            // Whoever waits goes on elsewhere than on the thread that completes it: that one holds up the journal.
            known.Add(digest, new TaskCompletionSource<byte[]?>(TaskCreationOptions.RunContinuationsAsynchronously));
            return null;
        }
    }

    /// <summary>The body was taken and its sender is told <paramref name="answer"/>; also for bodies that a replay finds.</summary>
    public void Take(UInt128 digest, byte[] answer)
    {
        if (length == TimeSpan.Zero)
        {
            return;
        }

        TaskCompletionSource<byte[]?>? first;
        lock (gate)
        {
            if (!known.TryGetValue(digest, out first))
            {
                known.Add(digest, first = new TaskCompletionSource<byte[]?>(TaskCreationOptions.RunContinuationsAsynchronously));
            }

            if (!first.TrySetResult(answer))
            {
                // The journal may hold a body twice: once refused after it was written, once taken.
                return;
            }

            taken.Enqueue((digest, Now));
            while (taken.Count > most)
            {
                known.Remove(taken.Dequeue().Digest);
                shortened++;
            }
        }
    }

    /// <summary>The body was refused: it may come again as new.</summary>
    public void Forget(UInt128 digest)
    {
        TaskCompletionSource<byte[]?>? first;
        lock (gate)
        {
            known.Remove(digest, out first);
        }

        first?.TrySetResult(null);
    }

    private void Expire_NeedsLock()
    {
        var now = Now;
        while (taken.TryPeek(out var oldest) && now - oldest.At >= length)
        {
            taken.Dequeue();
            known.Remove(oldest.Digest);
        }
    }
}
