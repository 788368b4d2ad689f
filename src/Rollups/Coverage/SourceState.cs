using Kpi.Rollups.Time;

namespace Kpi.Rollups.Coverage;

/// <summary>When a source was heard. Its owner is the book, under whose lock it is used.</summary>
internal sealed class SourceState(SourceIdentity identity, SilenceLimits limits)
{
    // Bounded by the slices of a flush, each of which a source may skip.
    private readonly SliceMask uncommitted = new(limits.Silent);

    public SourceIdentity Identity => identity;

    public SliceMask Heard { get; } = new(limits.Silent);

    /// <summary>Slices between the two newest times it was heard; 0 when it was heard once.</summary>
    public int Interval { get; private set; }

    public void Hear(int slice)
    {
        if (!Heard.IsEmpty && slice > Heard.Last)
        {
            Interval = slice - Heard.Last;
        }

        Heard.Add(new Slice(slice));
        uncommitted.Add(new Slice(slice));
    }

    public IEnumerable<HeardSlices> Take() => uncommitted.Take().Select(r => new HeardSlices(identity, r));

    public SourceStanding StandingAt(int now) =>
        now - Heard.Last <= limits.Silent ? SourceStanding.Live
        : now - Heard.Last <= limits.Retired ? SourceStanding.Unknown
        : SourceStanding.Retired;

    /// <summary>What of a stretch of time is known of it, and what should be.</summary>
    /// <param name="stretch">The time asked for; ends at <paramref name="now"/> at the latest.</param>
    /// <param name="now">The open slice.</param>
    /// <param name="ours">When we ourselves listened: nothing else is known, and silence is only what we could have heard.</param>
    public WatchedSlices Over(SliceRange stretch, int now, SliceSet ours)
    {
        var known = new List<SliceRange>(Heard.Ranges);
        var expected = new List<SliceRange>(Heard.Ranges);
        for (var i = 0; i < Heard.Ranges.Count; i++)
        {
            var last = Heard.Ranges[i].Last;
            var newest = i + 1 == Heard.Ranges.Count;
            var gap = new SliceRange(last.Plus(1), newest ? new Slice(now) : Heard.Ranges[i + 1].First.Plus(-1));
            if (newest && StandingAt(now) == SourceStanding.Live)
            {
                known.Add(gap);
                expected.Add(gap);
                continue;
            }

            var retired = last.Plus(limits.Retired + 1);
            expected.Add(gap with { Last = new Slice(Math.Min(gap.Last.Number, retired.Number - 1)) });
            if (!newest)
            {
                // It came back; while we were away nobody can say that it was gone.
                expected.AddRange(SliceSet.Of([gap with { First = retired }]).Without(ours).Ranges);
            }
        }

        return new WatchedSlices(SliceSet.Of(known).And(ours).And(stretch), SliceSet.Of(expected).And(stretch));
    }
}

/// <summary>Whether a source speaks.</summary>
public enum SourceStanding
{
    /// <summary>Heard lately: what it did not count did not happen.</summary>
    Live,

    /// <summary>Silent for too long, back to the first slice that it missed.</summary>
    Unknown,

    /// <summary>Silent for so long that it is gone; nothing is expected of it from then on.</summary>
    Retired,
}

/// <summary>What silence means, in slices.</summary>
/// <param name="Silent">Between two times a source is heard: more is unknown.</param>
/// <param name="Retired">After it was heard: from then on it is gone.</param>
internal readonly record struct SilenceLimits(int Silent, int Retired);
