namespace Kpi.Collector.Journal;

/// <summary>
/// Group commit: one thread writes and syncs whatever has come since the last sync returned, and begins again; nobody waits for a
/// timer. Appends are bounded by the budget of bytes in flight, the files by <see cref="JournalOptions.MaxBytes"/>.
/// </summary>
internal sealed class JournalWriter : IDisposable
{
    // A group is one write: enough to share a sync well, and short of what the kernel takes as one list.
    private const int MostPerGroup = 256;

    private readonly object gate = new();
    private readonly JournalSegments segments;
    private readonly JournalMetrics metrics;
    private readonly bool sync;
    private readonly Thread thread;
    private readonly List<JournalAppend> group = new(MostPerGroup);
    private readonly GroupBuffer buffer = new();
    private Queue<JournalAppend> waiting = new();
    private bool stopping;

    public JournalWriter(JournalSegments segments, Durability durability, JournalMetrics metrics)
    {
        this.segments = segments;
        this.metrics = metrics;
        sync = durability == Durability.Fsync;
        thread = new Thread(Run) { Name = "kpi journal", IsBackground = true };
        thread.Start();
    }

    /// <summary>Queues a record. False, and nothing is queued, when the journal has no room: the sender should try again.</summary>
    public bool TryAppend(JournalAppend record)
    {
        if (!segments.HasRoomFor(record.Bytes))
        {
            metrics.Full();
            return false;
        }

        lock (gate)
        {
            if (stopping)
            {
                return false;
            }

            waiting.Enqueue(record);
            Monitor.Pulse(gate);
        }

        return true;
    }

    /// <summary>Writes what is queued, then ends.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            stopping = true;
            Monitor.Pulse(gate);
        }

        thread.Join();
        segments.Dispose();
    }

    private void Run()
    {
        while (TakeGroup())
        {
            var done = 0;
            while (done < group.Count)
            {
                done += WriteSome(done);
            }

            group.Clear();
        }
    }

    private bool TakeGroup()
    {
        lock (gate)
        {
            while (waiting.Count == 0 && !stopping)
            {
                Monitor.Wait(gate);
            }

            while (group.Count < MostPerGroup && waiting.TryDequeue(out var next))
            {
                group.Add(next);
            }

            return group.Count > 0;
        }
    }

    /// <summary>Writes and syncs the records that fit into the segment, tells them, and returns how many they were.</summary>
    private int WriteSome(int from)
    {
        var count = 0;
        var written = false;
        try
        {
            var segment = segments.ForNext(group[from].Bytes);
            var room = segment.Room;
            var position = segment.Position;
            buffer.Clear();
            while (from + count < group.Count && group[from + count].Bytes <= room)
            {
                var record = group[from + count];
                buffer.Add(record, position);
                position += record.Bytes;
                room -= record.Bytes;
                count++;
            }

            segment.File.Write(buffer.Parts, segment.Offset);
            written = true;
            if (sync)
            {
                var started = metrics.Now;
                segment.File.Sync();
                metrics.Synced(started);
            }

            segments.Advance(position, group.Skip(from).Take(count).Select(r => new TakenBody(r.Entry.Digest, r.Answer)));
            metrics.Wrote();
            Tell(from, count, position);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A sync that failed may have dropped what it could not write, and the next would not say so: this file is done with.
            segments.Fail(abandon: written);
            metrics.Failed(failure);
            count = Math.Max(1, count);
            for (var i = from; i < from + count; i++)
            {
                group[i].Refused();
            }
        }

        return count;
    }

    private void Tell(int from, int count, long end)
    {
        var position = end;
        for (var i = from; i < from + count; i++)
        {
            position -= group[i].Bytes;
        }

        for (var i = from; i < from + count; i++)
        {
            position += group[i].Bytes;
            group[i].Durable(position);
        }
    }
}
