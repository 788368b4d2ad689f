using Kpi.Rollups.Cells;

namespace Kpi.Rollups.Store.Blocks;

/// <summary>
/// What a cell's sum, counts at edges and extremes are foretold to be from the cell that it is written on top of and from the buckets
/// that change. Writer and reader go through the same steps, so that only what differs needs to be written.
/// </summary>
internal ref struct DistributionForecast
{
    private readonly ReadOnlySpan<long> edgeNanos;
    private readonly Span<long> atEdges;
    private int edge;

    /// <summary>Begins with the sum and the counts at edges of the cell below; <paramref name="atEdges"/> is changed.</summary>
    public DistributionForecast(EdgeSet edges, Int128 sum, Span<long> atEdges)
    {
        edgeNanos = edges.Nanos;
        this.atEdges = atEdges;
        Sum = sum;
    }

    /// <summary>The foretold sum in nanoseconds.</summary>
    public Int128 Sum { get; private set; }

    /// <summary>Adds what the events that are exactly zero changed by: they lie within the first edge.</summary>
    public readonly void Zeros(long change)
    {
        if (atEdges.Length > 0)
        {
            atEdges[0] = unchecked(atEdges[0] + change);
        }
    }

    /// <summary>Adds what a bucket changed by; buckets ascend.</summary>
    public void Bucket(int index, long change)
    {
        var middle = BucketNanos.Of(index);
        Sum = unchecked(Sum + Math.BigMul(change, middle));
        while (edge < edgeNanos.Length && edgeNanos[edge] < middle)
        {
            edge++;
        }

        if (edge < edgeNanos.Length)
        {
            atEdges[edge] = unchecked(atEdges[edge] + change);
        }
    }

    /// <summary>Smallest and largest value of a cell on top of none: known exactly of one event, the largest also of two.</summary>
    public static double Smallest(DistributionCell cell, long inBuckets, int lowest) => cell.Zeros > 0 || inBuckets == 0
        ? 0
        : (inBuckets == 1 ? (long)cell.Sum.Nanos : BucketNanos.Of(lowest)) / 1e9;

    /// <inheritdoc cref="Smallest"/>
    public static double Largest(DistributionCell cell, long inBuckets, int highest) => inBuckets switch
    {
        0 => 0,
        1 => (long)cell.Sum.Nanos / 1e9,
        2 when cell.Zeros == 0 => unchecked((long)cell.Sum.Nanos - BucketNanos.Near(cell.Min)) / 1e9,
        _ => BucketNanos.Of(highest) / 1e9,
    };
}
