using Kpi.Rollups.Time;

namespace Kpi.Rollups.Flush;

/// <summary>
/// Which slices the last flushes added to, so that who keeps sums knows which of them late data has changed. At most
/// <see cref="MostFlushes"/> are remembered, nearly three hours, each with at most <see cref="MostRanges"/> ranges.
/// </summary>
internal sealed class FlushedTimes
{
    public const int MostFlushes = 1_024;
    public const int MostRanges = 32;

    private readonly Lock gate = new();
    private readonly Queue<(long Flush, SliceRange[] Touched)> notes = new();

    /// <summary>Notes a flush before it is committed, so that no reader sees it unnoted. Flushes come in order.</summary>
    public void Note(long flush, IEnumerable<Slice> slices)
    {
        var touched = RangesOf(slices);
        lock (gate)
        {
            notes.Enqueue((flush, touched));
            if (notes.Count > MostFlushes)
            {
                notes.Dequeue();
            }
        }
    }

    /// <summary>What the flushes after one, up to and including another, added to; null when that is no longer known.</summary>
    public IReadOnlyList<SliceRange>? Between(long after, long upTo)
    {
        lock (gate)
        {
            return upTo <= after ? []
                : notes.Count == 0 || notes.Peek().Flush > after + 1 ? null
                : [.. notes.Where(n => n.Flush > after && n.Flush <= upTo).SelectMany(n => n.Touched)];
        }
    }

    private static SliceRange[] RangesOf(IEnumerable<Slice> slices)
    {
        var distinct = new HashSet<int>();
        var last = int.MinValue;
        foreach (var slice in slices)
        {
            // Cells of one slice come together, nearly always.
            if (slice.Number != last)
            {
                distinct.Add(last = slice.Number);
            }
        }

        var ranges = new List<SliceRange>();
        foreach (var number in distinct.Order())
        {
            if (ranges.Count > 0 && ranges[^1].Last.Number == number - 1)
            {
                ranges[^1] = ranges[^1] with { Last = new Slice(number) };
            }
            else
            {
                ranges.Add(new Slice(number));
            }
        }

        return ranges.Count > MostRanges ? [new SliceRange(ranges[0].First, ranges[^1].Last)] : [.. ranges];
    }
}
