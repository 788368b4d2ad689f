using Kpi.Rollups.Identity;
using Kpi.Rollups.Time;

namespace Kpi.Rollups.Coverage;

/// <summary>
/// The slices in which we listened, and those in which somebody was turned away all the same. Used under the book's lock. Two masks that
/// only grow: what is known is the one without the other, whatever comes in which order.
/// </summary>
internal sealed class OwnWatch
{
    private readonly SliceMask up = new(reach: 1);
    private readonly SliceMask missed = new(reach: 1);
    private readonly SliceMask newUp = new(reach: 1);
    private readonly SliceMask newMissed = new(reach: 1);
    private readonly int retention;
    private Slice? listeningFrom;

    public OwnWatch(RollupLimits limits, CoverageIncrement restored)
    {
        retention = (int)(limits.Retention / Slice.Length);
        foreach (var range in restored.Up)
        {
            up.Add(range);
        }

        foreach (var range in restored.Missed)
        {
            missed.Add(range);
        }
    }

    /// <summary>The last proven slice; null while there is none.</summary>
    public Slice? LastUp => up.IsEmpty ? null : new Slice(up.Last);

    public void Begin(Slice now)
    {
        if (!up.IsEmpty)
        {
            Miss(now);
        }

        listeningFrom = now;
    }

    // Up to the last moment it listened, so the slice of the end counts; if it begins anew in the same slice, that is missed.
    public void End(Slice now)
    {
        Prove(now);
        listeningFrom = null;
    }

    public void Miss(Slice now)
    {
        missed.Add(now);
        newMissed.Add(now);
    }

    public void WasUp(Slice slice)
    {
        up.Add(slice);
        newUp.Add(slice);
    }

    public (SliceRange[] Up, SliceRange[] Missed) Take(Slice now)
    {
        // The open slice is proven by what comes in it, or by the next flush.
        Prove(now.Plus(-1));
        up.DropBefore(now.Number - retention);
        missed.DropBefore(now.Number - retention);
        return (newUp.Take(), newMissed.Take());
    }

    /// <summary>All that is known; the open slice is while we listen.</summary>
    public SliceSet KnownAt(Slice now)
    {
        IEnumerable<SliceRange> open = listeningFrom is { } from ? [new SliceRange(from, now)] : [];
        return SliceSet.Of([.. up.Ranges, .. open]).Without(SliceSet.Of(missed.Ranges));
    }

    /// <summary>The first slice ever; null while there is none.</summary>
    public Slice? FirstAt(Slice now) =>
        up.IsEmpty ? listeningFrom is { } from && from.Number <= now.Number ? from : null : new Slice(up.First);

    private void Prove(Slice to)
    {
        if (listeningFrom is not { } from || from.Number > to.Number)
        {
            return;
        }

        var proven = new SliceRange(from, to);
        up.Add(proven);
        newUp.Add(proven);
        listeningFrom = to.Plus(1);
    }
}
