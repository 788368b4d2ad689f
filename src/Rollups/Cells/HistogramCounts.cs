using Kpi.Rollups.Counters;

namespace Kpi.Rollups.Cells;

/// <summary>
/// What a histogram counted, in the buckets its sender chose: over a slice, or since its start. Mutable and reused. With explicit
/// bounds all counts lie in <see cref="Positive"/>, by the position of their bucket.
/// </summary>
public sealed class HistogramCounts
{
    private static readonly HistogramLayout NoBuckets = HistogramLayout.Of([]);

    /// <summary>How the buckets are cut.</summary>
    public HistogramLayout Layout { get; internal set; } = NoBuckets;

    /// <summary>Events.</summary>
    public long Count { get; internal set; }

    /// <summary>Sum of the values; null when a sender did not tell it.</summary>
    public FixedSum? Sum { get; internal set; } = FixedSum.Zero;

    /// <summary>Events in the zero bucket of an exponential histogram.</summary>
    public long Zeros { get; internal set; }

    /// <summary>Buckets between explicit bounds, or those of an exponential histogram over zero: index <c>i</c> is <c>(base^i, base^(i+1)]</c>.</summary>
    public BucketRow Positive { get; } = new();

    /// <summary>Buckets of an exponential histogram under zero, by magnitude.</summary>
    public BucketRow Negative { get; } = new();

    /// <summary>Events in all buckets; less than <see cref="Count"/> where some had no value.</summary>
    public long InBuckets => BucketRow.Sum(Zeros, BucketRow.Sum(Positive.Total(), Negative.Total()));

    /// <summary>Memory of the buckets, in bytes.</summary>
    internal int Bytes => Positive.Bytes + Negative.Bytes;

    /// <summary>Nothing counted, in these buckets.</summary>
    internal void Reset(HistogramLayout layout)
    {
        Layout = layout;
        Count = Zeros = 0;
        Sum = FixedSum.Zero;
        Positive.Clear();
        Negative.Clear();
    }

    /// <summary>Becomes a copy.</summary>
    internal void Set(HistogramCounts other)
    {
        Reset(other.Layout);
        Add(other);
    }

    /// <summary>Adds counts of the same layout.</summary>
    internal void Add(HistogramCounts other)
    {
        Count = BucketRow.Sum(Count, other.Count);
        Zeros = BucketRow.Sum(Zeros, other.Zeros);
        Sum += other.Sum;
        Positive.Add(other.Positive);
        Negative.Add(other.Negative);
    }

    /// <summary>Takes earlier counts of the same layout away, which are nowhere higher.</summary>
    internal void Subtract(HistogramCounts earlier)
    {
        Count -= earlier.Count;
        Zeros -= earlier.Zeros;
        Sum -= earlier.Sum;
        Positive.Subtract(earlier.Positive);
        Negative.Subtract(earlier.Negative);
    }

    /// <summary>Becomes the part of counts that falls into the first nanoseconds of the time they took, evenly, in whole events.</summary>
    /// <remarks>Parts of more time are nowhere smaller, so their differences add up to the whole exactly.</remarks>
    internal void SetPart(HistogramCounts of, long elapsed, long length)
    {
        Set(of);
        Zeros = PartOf(Zeros);
        Positive.Map(PartOf);
        Negative.Map(PartOf);
        Count = InBuckets;
        Sum = of.Sum is { } sum ? new IncreaseShares(sum, length, Whole: false).UpTo(elapsed) : null;

        long PartOf(long count) => (long)((Int128)count * elapsed / length);
    }

    /// <summary>Counts of a coarser scale, the same threshold kept.</summary>
    internal void Lower(int scale)
    {
        var steps = Layout.Scale!.Value - scale;
        Positive.Lower(steps);
        Negative.Lower(steps);
        Layout = HistogramLayout.Of(scale, Layout.ZeroThreshold);
    }

    /// <summary>
    /// Whether anything, events without a value among it, is counted less often than in counts of the same layout. A sum may fall by
    /// negative values, so it says nothing.
    /// </summary>
    internal bool IsBelow(HistogramCounts earlier) =>
        Count < earlier.Count || Zeros < earlier.Zeros || Count - InBuckets < earlier.Count - earlier.InBuckets || Positive.IsBelow(earlier.Positive) || Negative.IsBelow(earlier.Negative);

    /// <summary>Whether both say the same.</summary>
    internal bool IsSame(HistogramCounts other) => Layout.Equals(other.Layout) && Count == other.Count && Zeros == other.Zeros && Sum == other.Sum
        && Positive.IsSame(other.Positive) && Negative.IsSame(other.Negative);
}
