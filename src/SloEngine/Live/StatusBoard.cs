using Kpi.SloEngine.Status;

namespace Kpi.SloEngine.Live;

/// <summary>
/// Holds the newest status of each live window and wakes those who wait for a newer one. Whoever is slow misses versions, not
/// the newest; nothing queues up.
/// </summary>
public sealed class StatusBoard
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Entry> entries = StatusWindow.Live.ToDictionary(w => w.Name, _ => new Entry());

    /// <summary>Declares interest in a window until disposed; only watched windows are evaluated live.</summary>
    public IDisposable Watch(StatusWindow window)
    {
        var entry = entries[window.Name];
        Interlocked.Increment(ref entry.Watchers);
        return new Interest(entry);
    }

    /// <summary>The first status newer than a version: at once when it is there, else when it is published.</summary>
    public async Task<WindowStatus> NextAsync(StatusWindow window, long after, CancellationToken cancellation)
    {
        var entry = entries[window.Name];
        while (true)
        {
            Task published;
            lock (gate)
            {
                if (entry.Newest is { } newest && newest.Version > after)
                {
                    return newest;
                }

                published = entry.Published.Task;
            }

            await published.WaitAsync(cancellation).ConfigureAwait(false);
        }
    }

    internal bool IsWatched(StatusWindow window) => Volatile.Read(ref entries[window.Name].Watchers) > 0;

    /// <summary>Publishes a status, unless a newer one is there; gives the one that stands. What did not change keeps its instances.</summary>
    internal WindowStatus Publish(StatusWindow window, WindowStatus status)
    {
        TaskCompletionSource published;
        lock (gate)
        {
            var entry = entries[window.Name];
            if (entry.Newest is { } newest && newest.Version >= status.Version)
            {
                return newest;
            }

            status = entry.Newest = status.Reusing(entry.Newest);
            published = entry.Published;
            entry.Published = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        published.SetResult();
        return status;
    }

    private sealed class Entry
    {
        public int Watchers;

        public WindowStatus? Newest { get; set; }

        public TaskCompletionSource Published { get; set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class Interest(Entry entry) : IDisposable
    {
        private int ended;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref ended, 1) == 0)
            {
                Interlocked.Decrement(ref entry.Watchers);
            }
        }
    }
}
