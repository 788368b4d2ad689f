using Kpi.Rollups.Cells;

namespace Kpi.Rollups.Reading;

/// <summary>Counts of scale-6 buckets over whole octaves, growing to the octaves met (2,098 at most: those of a double).</summary>
internal sealed class BucketCounts
{
    private long[] counts = [];
    private int first;

    public void Add(int firstBucket, ReadOnlySpan<uint> added)
    {
        if (added.IsEmpty)
        {
            return;
        }

        Cover(firstBucket, added.Length);
        var target = counts.AsSpan(firstBucket - first, added.Length);
        for (var i = 0; i < added.Length; i++)
        {
            target[i] += added[i];
        }
    }

    public void Add(BucketCounts other)
    {
        if (other.counts.Length == 0)
        {
            return;
        }

        Cover(other.first, other.counts.Length);
        var target = counts.AsSpan(other.first - first, other.counts.Length);
        for (var i = 0; i < target.Length; i++)
        {
            target[i] += other.counts[i];
        }
    }

    /// <summary>Counts in buckets wholly at or under an edge, and in the bucket that the edge cuts (0 when it is the bucket's upper edge).</summary>
    public (long Below, long Within) Around(double edge)
    {
        var cut = SketchMath.IndexOf(edge);
        if (SketchMath.UpperEdge(cut) == edge)
        {
            cut++;
        }

        long below = 0;
        var end = Math.Clamp(cut - first, 0, counts.Length);
        for (var i = 0; i < end; i++)
        {
            below += counts[i];
        }

        var at = cut - first;
        return (below, (uint)at < (uint)counts.Length && SketchMath.LowerEdge(cut) < edge ? counts[at] : 0);
    }

    /// <summary>The buckets that count something.</summary>
    public IEnumerable<(int Index, long Count)> Filled()
    {
        for (var i = 0; i < counts.Length; i++)
        {
            if (counts[i] != 0)
            {
                yield return (first + i, counts[i]);
            }
        }
    }

    /// <summary>The bucket that holds the value of a rank when the counts of several are taken together; the rank must exist.</summary>
    public static int IndexAtRank(IEnumerable<BucketCounts> parts, long rank)
    {
        BucketCounts[] all = [.. parts.Where(p => p.counts.Length > 0)];
        var index = all.Min(p => p.first);
        var end = all.Max(p => p.first + p.counts.Length);
        long seen = 0;
        for (; index < end; index++)
        {
            foreach (var part in all)
            {
                var at = index - part.first;
                seen += (uint)at < (uint)part.counts.Length ? part.counts[at] : 0;
            }

            if (seen >= rank)
            {
                return index;
            }
        }

        throw new ArgumentOutOfRangeException(nameof(rank), rank, "more than the counts hold");
    }

    private void Cover(int from, int length)
    {
        var low = counts.Length == 0 ? from : Math.Min(first, from);
        var high = Math.Max(counts.Length == 0 ? from : first + counts.Length, from + length);
        if (high - low == counts.Length)
        {
            return;
        }

        var grown = new long[high - low];
        counts.CopyTo(grown, counts.Length == 0 ? 0 : first - low);
        counts = grown;
        first = low;
    }
}
