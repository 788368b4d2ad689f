using Kpi.Rollups.Time;

namespace Kpi.Rollups.Coverage;

/// <summary>
/// Slices that something holds for, as ranges in order of time. It only grows, and what it holds does not depend on the order in which
/// slices were added, so replays and late batches give the same.
/// </summary>
/// <param name="reach">Slices this far apart belong to one range, and so do those between them; 1 joins neighbours alone.</param>
internal sealed class SliceMask(int reach)
{
    // Bounded by who adds: between two ranges there is a silence or a refusal, and retention drops the oldest.
    private readonly List<SliceRange> ranges = [];

    public IReadOnlyList<SliceRange> Ranges => ranges;

    public bool IsEmpty => ranges.Count == 0;

    public int First => ranges[0].First.Number;

    public int Last => ranges[^1].Last.Number;

    public void Add(SliceRange added)
    {
        if (added.Count == 0)
        {
            return;
        }

        var (first, last) = (added.First.Number, added.Last.Number);
        var begin = ranges.Count;
        while (begin > 0 && ranges[begin - 1].Last.Number + reach >= first)
        {
            begin--;
        }

        var end = begin;
        for (; end < ranges.Count && ranges[end].First.Number - reach <= last; end++)
        {
            first = Math.Min(first, ranges[end].First.Number);
            last = Math.Max(last, ranges[end].Last.Number);
        }

        var joined = new SliceRange(new Slice(first), new Slice(last));
        if (end == begin)
        {
            ranges.Insert(begin, joined);
            return;
        }

        ranges[begin] = joined;
        ranges.RemoveRange(begin + 1, end - begin - 1);
    }

    /// <summary>Forgets the ranges that end before a slice.</summary>
    public void DropBefore(int slice) => ranges.RemoveAll(r => r.Last.Number < slice);

    /// <summary>Gives what was added since the last call.</summary>
    public SliceRange[] Take()
    {
        SliceRange[] taken = [.. ranges];
        ranges.Clear();
        return taken;
    }
}
