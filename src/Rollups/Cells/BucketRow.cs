namespace Kpi.Rollups.Cells;

/// <summary>
/// Counts of neighbouring buckets, growing to those met. Mutable and reused; the owner states how far indexes may lie apart.
/// </summary>
public sealed class BucketRow
{
    private long[] counts = [];
    private int length;

    /// <summary>Index of the first count.</summary>
    public int First { get; private set; }

    /// <summary>Counts from <see cref="First"/> on; zeros at either end are possible.</summary>
    public ReadOnlySpan<long> Counts => counts.AsSpan(0, length);

    /// <summary>Memory taken, in bytes.</summary>
    internal int Bytes => counts.Length * sizeof(long);

    /// <summary>The count of a bucket; 0 for one that was never met.</summary>
    public long this[int index] => (uint)(index - First) < (uint)length ? counts[index - First] : 0;

    /// <summary>The sum of two counts, neither negative; it stays at the most that a count can be.</summary>
    public static long Sum(long left, long right) => left > long.MaxValue - right ? long.MaxValue : left + right;

    /// <summary>Empties the row; its memory stays.</summary>
    internal void Clear() => length = 0;

    /// <summary>Adds counts.</summary>
    /// <param name="first">Index of the first of them.</param>
    internal void Add(int first, ReadOnlySpan<long> added)
    {
        if (added.IsEmpty)
        {
            return;
        }

        var target = Cover(first, added.Length);
        for (var i = 0; i < added.Length; i++)
        {
            target[i] = Sum(target[i], added[i]);
        }
    }

    /// <summary>Adds the counts of another row.</summary>
    internal void Add(BucketRow other) => Add(other.First, other.Counts);

    /// <summary>Takes counts away; the row holds as many.</summary>
    internal void Subtract(BucketRow other)
    {
        if (other.length == 0)
        {
            return;
        }

        var target = Cover(other.First, other.length);
        for (var i = 0; i < target.Length; i++)
        {
            target[i] -= other.counts[i];
        }
    }

    /// <summary>Becomes a copy of another row.</summary>
    internal void Set(BucketRow other)
    {
        Clear();
        Add(other);
    }

    /// <summary>Whether any bucket holds less than in another row.</summary>
    internal bool IsBelow(BucketRow other)
    {
        var theirs = other.Counts;
        for (var i = 0; i < theirs.Length; i++)
        {
            if (this[other.First + i] < theirs[i])
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether both count the same.</summary>
    internal bool IsSame(BucketRow other) => !IsBelow(other) && !other.IsBelow(this);

    /// <summary>Sum of all counts.</summary>
    internal long Total()
    {
        long sum = 0;
        foreach (var count in Counts)
        {
            sum = Sum(sum, count);
        }

        return sum;
    }

    /// <summary>Changes every count.</summary>
    internal void Map(Func<long, long> change)
    {
        for (var i = 0; i < length; i++)
        {
            counts[i] = change(counts[i]);
        }
    }

    /// <summary>Makes each 2^<paramref name="steps"/> neighbours one bucket, as a lower scale has them: index <c>i</c> becomes <c>i &gt;&gt; steps</c>.</summary>
    internal void Lower(int steps)
    {
        if (steps == 0 || length == 0)
        {
            return;
        }

        var (from, first) = (First, First >> steps);
        var lowered = ((First + length - 1) >> steps) - first + 1;
        for (var i = 0; i < length; i++)
        {
            var (at, count) = (((from + i) >> steps) - first, counts[i]);
            counts[i] = 0;
            counts[at] = Sum(counts[at], count);
        }

        (First, length) = (first, lowered);
    }

    private Span<long> Cover(int from, int many)
    {
        var low = length == 0 ? from : Math.Min(First, from);
        var high = Math.Max(length == 0 ? from + many : First + length, from + many);
        var needed = high - low;
        if (needed > length || low != First)
        {
            var moved = length == 0 ? 0 : First - low;
            if (needed > counts.Length)
            {
                var grown = new long[Math.Max(needed, Math.Max(16, counts.Length * 2))];
                counts.AsSpan(0, length).CopyTo(grown.AsSpan(moved));
                counts = grown;
            }
            else
            {
                counts.AsSpan(0, length).CopyTo(counts.AsSpan(moved));
                counts.AsSpan(0, moved).Clear();
                counts.AsSpan(moved + length, needed - moved - length).Clear();
            }

            (First, length) = (low, needed);
        }

        return counts.AsSpan(from - low, many);
    }
}
