using Kpi.Rollups.Identity;
using Kpi.Rollups.Time;

namespace Kpi.Rollups.Coverage;

/// <summary>
/// Which slices were watched: our own, and those of each source with a heartbeat. Any thread. What it has not given to a flush yet is
/// part of every answer; what an earlier life gave is restored at the start.
/// </summary>
public sealed class CoverageBook
{
    private readonly Lock gate = new();
    private readonly TimeProvider clock;
    private readonly OwnWatch own;
    private readonly SourceBook sources;

    internal CoverageBook(RollupLimits limits, CoverageIncrement restored, TimeProvider clock)
    {
        this.clock = clock;
        own = new OwnWatch(limits, restored);
        sources = new SourceBook(limits, restored.Heard);
    }

    /// <summary>Sources that found no place, counted each time they were heard: their series are as watched as we were.</summary>
    public long Overflowed
    {
        get
        {
            lock (gate)
            {
                return sources.Overflowed;
            }
        }
    }

    /// <summary>The last slice of which it is known that we, or an earlier life, listened in it; null when there is none.</summary>
    internal Slice? LastUp
    {
        get
        {
            lock (gate)
            {
                return own.LastUp;
            }
        }
    }

    private Slice Now => Slice.Of(UnixNanos.Now(clock));

    /// <summary>From now on senders are listened to. The slice of a restart is unknown: nobody listened in a part of it.</summary>
    public void Begin()
    {
        lock (gate)
        {
            own.Begin(Now);
        }
    }

    /// <summary>Nobody is listened to any more.</summary>
    public void End()
    {
        lock (gate)
        {
            own.End(Now);
        }
    }

    /// <summary>A sender was turned away for want of room: whether it comes back nobody knows, so the slice is unknown.</summary>
    public void Miss()
    {
        lock (gate)
        {
            own.Miss(Now);
        }
    }

    /// <summary>An earlier life took a body then, so it was up; for the replay of its journal.</summary>
    public void WasUp(UnixNanos instant)
    {
        lock (gate)
        {
            own.WasUp(Slice.Of(instant));
        }
    }

    /// <summary>What is known of a range, as of now.</summary>
    public WindowCoverage Over(SliceRange range)
    {
        lock (gate)
        {
            var now = Now;
            return new WindowCoverage(this, range, now, own.KnownAt(now), own.FirstAt(now), sources.WatermarkAt(now));
        }
    }

    /// <summary>How many sources are live, unknown, retired.</summary>
    public IReadOnlyDictionary<SourceStanding, int> Standings()
    {
        lock (gate)
        {
            return sources.StandingsAt(Now);
        }
    }

    /// <summary>The sources that are unknown now, the longest silent first, with the end of the slice in which each was last heard.</summary>
    /// <param name="most">No more than so many.</param>
    public IReadOnlyList<(SourceIdentity Source, UnixNanos LastHeard)> Unknown(int most)
    {
        lock (gate)
        {
            return sources.UnknownAt(Now, most);
        }
    }

    internal void Hear(ReadOnlySpan<HeardSlice> heard)
    {
        lock (gate)
        {
            foreach (var (source, slice) in heard)
            {
                sources.Hear(source, slice);
            }
        }
    }

    /// <summary>What has come since the last call, for a flush.</summary>
    internal CoverageIncrement Take()
    {
        lock (gate)
        {
            var (up, missed) = own.Take(Now);
            return new CoverageIncrement(up, missed, sources.Take(), sources.Limits.Silent);
        }
    }

    /// <summary>Of a source in a stretch of time; null when it is not one with a heartbeat.</summary>
    internal WatchedSlices? Over(SourceIdentity source, SliceRange stretch, Slice now, SliceSet ours)
    {
        lock (gate)
        {
            return sources.Find(source)?.Over(stretch, now.Number, ours);
        }
    }
}

/// <summary>A source, heard in a slice.</summary>
public readonly record struct HeardSlice(SourceIdentity Source, int Slice);
