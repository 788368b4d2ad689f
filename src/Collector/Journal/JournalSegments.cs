namespace Kpi.Collector.Journal;

/// <summary>
/// Which segments there are, which one is written, and which may go. The writer's thread writes, a flush releases, anyone asks for
/// room; files are opened and renamed under the lock, which appends do not take.
/// </summary>
internal sealed class JournalSegments : IDisposable
{
    // Segments to be used again, besides as many as the last flush let go of: a file that has its pages and its length costs a
    // third of one that grows.
    private const int LeastSpares = 3;

    private readonly Lock files = new();
    private readonly IJournalDisk disk;
    private readonly JournalOptions options;
    private readonly TimeProvider clock;

    // Oldest first; bounded by MaxBytes over SegmentBytes, and those of failed syncs.
    private readonly List<Segment> kept;
    private readonly List<string> spares;

    // Oldest first; bounded by the segments of a retry window.
    private readonly Queue<(string Name, TimeSpan At)> taken;
    private IJournalFile? file;
    private long capacity;
    private long spareNumber;
    private long oldest;
    private long position;

    /// <param name="found">What a reading of the journal found; writing goes on behind it, in a segment of its own.</param>
    public JournalSegments(IJournalDisk disk, JournalOptions options, JournalExtent found, TimeProvider clock)
    {
        this.disk = disk;
        this.options = options;
        this.clock = clock;
        kept = [.. found.Segments];
        spares = [.. found.Spares];
        taken = new Queue<(string, TimeSpan)>(found.Taken.Select(t => (t, Now)));
        position = found.End;
        oldest = kept.Count == 0 ? position : kept[0].First;
        foreach (var segment in kept)
        {
            segment.LastUsed = Now;
        }
    }

    /// <summary>Position behind the last record.</summary>
    public long End => Volatile.Read(ref position);

    /// <summary>What the journal holds, in bytes: from its oldest record to its end.</summary>
    public long HeldBytes => End - Volatile.Read(ref oldest);

    private TimeSpan Now => clock.GetElapsedTime(startingTimestamp: 0);

    public bool HasRoomFor(long bytes) => HeldBytes + bytes <= options.MaxBytes;

    /// <summary>Where the next record goes: the segment under way, or a new one when it does not fit.</summary>
    /// <exception cref="IOException">No room for a new one.</exception>
    public SegmentSpace ForNext(long bytes)
    {
        lock (files)
        {
            if (file is null || kept[^1].End - kept[^1].First + bytes > capacity)
            {
                Roll_NeedsLock(bytes);
            }

            var current = kept[^1];
            var used = current.End - current.First;
            return new SegmentSpace(file!, JournalFormat.SegmentHeadBytes + used, current.End, capacity - used);
        }
    }

    /// <summary>What was written up to a position is good.</summary>
    /// <param name="bodies">What was written since the last call.</param>
    public void Advance(long end, IEnumerable<TakenBody> bodies)
    {
        lock (files)
        {
            kept[^1].Taken.AddRange(bodies);
            kept[^1].End = end;
            kept[^1].LastUsed = Now;
            Volatile.Write(ref position, end);
        }
    }

    /// <summary>What was written behind the last good record is not there; and, when asked to, nothing more goes into that file.</summary>
    public void Fail(bool abandon)
    {
        lock (files)
        {
            if (abandon)
            {
                file?.Dispose();
                file = null;
            }
        }
    }

    /// <summary>
    /// Everything before a position is in the store. Segments that lie before it are written again; of their bodies only what is
    /// needed to know a retry stays, for as long as one may come.
    /// </summary>
    public void Release(long upTo)
    {
        lock (files)
        {
            var now = Now;
            var gone = kept.TakeWhile((s, i) => i < kept.Count - 1 && s.End <= upTo).ToList();
            foreach (var segment in gone)
            {
                Drop_NeedsLock(segment, Math.Max(LeastSpares, gone.Count), now);
                kept.RemoveAt(0);
            }

            while (taken.TryPeek(out var first) && now - first.At >= options.RetryWindow)
            {
                disk.Delete(taken.Dequeue().Name);
            }

            Volatile.Write(ref oldest, kept.Count == 0 ? End : kept[0].First);
        }
    }

    public void Dispose()
    {
        lock (files)
        {
            file?.Dispose();
            file = null;
        }
    }

    private void Drop_NeedsLock(Segment segment, int mostSpares, TimeSpan now)
    {
        if (segment.Taken.Count > 0 && now - segment.LastUsed < options.RetryWindow)
        {
            Remember_NeedsLock(segment);
        }

        if (spares.Count >= mostSpares || segment.End - segment.First > options.SegmentBytes)
        {
            disk.Delete(segment.Name);
            return;
        }

        string spare;
        do
        {
            spare = SegmentName.OfSpare(spareNumber++);
        }
        while (spares.Contains(spare));
        disk.Rename(segment.Name, spare);
        spares.Add(spare);
    }

    // Durable before the segment is written over: else a power cut between the two would let a retry be counted twice.
    private void Remember_NeedsLock(Segment segment)
    {
        var name = SegmentName.OfTaken(segment.First);
        var bytes = TakenFile.Write(segment.Taken);
        using (var list = disk.Open(name, bytes.Length))
        {
            list.Write([bytes], 0);
            list.Sync();
        }

        taken.Enqueue((name, segment.LastUsed));
    }

    private void Roll_NeedsLock(long bytes)
    {
        file?.Dispose();
        file = null;
        var first = End;
        var name = SegmentName.Of(first);
        var room = Math.Max(bytes, options.SegmentBytes - JournalFormat.SegmentHeadBytes);
        if (kept.Count > 0 && kept[^1].Name == name)
        {
            // Nothing good is in it: a first write or sync failed.
            kept.RemoveAt(kept.Count - 1);
        }
        else if (spares.Count > 0 && bytes <= options.SegmentBytes - JournalFormat.SegmentHeadBytes)
        {
            disk.Rename(spares[^1], name);
            spares.RemoveAt(spares.Count - 1);
        }

        var opened = disk.Open(name, JournalFormat.SegmentHeadBytes + room);
        try
        {
            opened.Write([Segment.HeadOf(first)], 0);
            opened.Sync();
        }
        catch
        {
            opened.Dispose();
            throw;
        }

        file = opened;
        capacity = room;
        kept.Add(new Segment(name, first) { LastUsed = Now });
        Volatile.Write(ref oldest, kept[0].First);
    }
}

/// <summary>Where records may be written now.</summary>
/// <param name="File">The segment's file.</param>
/// <param name="Offset">Where in the file.</param>
/// <param name="Position">Which position that is.</param>
/// <param name="Room">Bytes that fit behind it.</param>
internal readonly record struct SegmentSpace(IJournalFile File, long Offset, long Position, long Room);
