using Kpi.Rollups.Cells;

namespace Kpi.Rollups.Reading;

/// <summary>Buckets of any cut beside each other, as histograms of several senders bring them. Made for one question.</summary>
internal sealed class BucketList
{
    // Halves the stretch in which a value lies to less than a double tells apart.
    private const int Halvings = 60;

    private readonly List<Bucket> buckets = [];

    /// <summary>The buckets of a histogram.</summary>
    public static BucketList Of(HistogramCounts counts)
    {
        var list = new BucketList();
        list.Add(counts);
        return list;
    }

    /// <summary>Between what all values of a histogram lie.</summary>
    public static (double Low, double High) RangeOf(HistogramCounts counts)
    {
        var (low, high) = RangeOf(counts.Layout, counts.Positive);
        var (least, most) = RangeOf(counts.Layout, counts.Negative);
        var threshold = counts.Zeros > 0 ? counts.Layout.ZeroThreshold : double.NegativeInfinity;
        return (Math.Min(Math.Min(low, -most), -threshold), Math.Max(Math.Max(high, -least), threshold));
    }

    /// <summary>Adds a bucket <c>(low, high]</c>; both may be the same value.</summary>
    public void Add(double low, double high, long count)
    {
        if (count > 0)
        {
            buckets.Add(new Bucket(low, high, count));
        }
    }

    /// <summary>Adds the buckets of a histogram.</summary>
    public void Add(HistogramCounts counts)
    {
        var layout = counts.Layout;
        var positive = counts.Positive.Counts;
        for (var i = 0; i < positive.Length; i++)
        {
            var (low, high) = RangeOf(layout, counts.Positive.First + i);
            Add(low, high, positive[i]);
        }

        var negative = counts.Negative.Counts;
        for (var i = 0; i < negative.Length; i++)
        {
            var (low, high) = layout.RangeOf(counts.Negative.First + i);
            Add(-high, -low, negative[i]);
        }

        Add(-layout.ZeroThreshold, layout.ZeroThreshold, counts.Zeros);
    }

    /// <summary>How many values are at most an edge: those that certainly are, and with those that may be.</summary>
    public (long Certain, long Possible) CountAtMost(double edge)
    {
        long certain = 0, possible = 0;
        foreach (var bucket in buckets)
        {
            certain += bucket.High <= edge ? bucket.Count : 0;
            possible += bucket.High <= edge || bucket.Low < edge ? bucket.Count : 0;
        }

        return (certain, possible);
    }

    /// <summary>
    /// The value of a rank (1 is the smallest): between what it lies, and where it lies when the values of each bucket are spread evenly,
    /// as classic histograms are read. In a bucket without an end it is taken to be at its beginning.
    /// </summary>
    /// <param name="min">No value is smaller.</param>
    /// <param name="max">None is larger.</param>
    public SketchValue AtRank(long rank, double min, double max)
    {
        var low = Math.Max(EdgeAt(rank, b => b.Low), min);
        var high = Math.Min(EdgeAt(rank, b => b.High), max);
        if (double.IsInfinity(high) || double.IsInfinity(low))
        {
            var finite = double.IsInfinity(low) ? high : low;
            return new SketchValue(double.IsInfinity(finite) ? 0 : finite, low, high);
        }

        var (from, to) = (low, high);
        for (var i = 0; i < Halvings && from < to; i++)
        {
            var middle = from + ((to - from) / 2);
            (from, to) = buckets.Sum(b => b.CountTo(middle)) < rank ? (middle, to) : (from, middle);
        }

        return new SketchValue(Math.Clamp(to, low, high), low, high);
    }

    private static (double Low, double High) RangeOf(HistogramLayout layout, BucketRow row)
    {
        var first = row.Counts.IndexOfAnyExcept(0);
        return first < 0
            ? (double.PositiveInfinity, double.NegativeInfinity)
            : (RangeOf(layout, row.First + first).Low, RangeOf(layout, row.First + row.Counts.LastIndexOfAnyExcept(0)).High);
    }

    // What is counted is mostly a duration or a size; Prometheus begins the lowest bucket at zero as well.
    private static (double Low, double High) RangeOf(HistogramLayout layout, int index)
    {
        var (low, high) = layout.RangeOf(index);
        return (double.IsNegativeInfinity(low) && high > 0 ? 0 : low, high);
    }

    // The edge at which the buckets before it hold the rank.
    private double EdgeAt(long rank, Func<Bucket, double> edgeOf)
    {
        long seen = 0;
        foreach (var bucket in buckets.OrderBy(edgeOf))
        {
            seen += bucket.Count;
            if (seen >= rank)
            {
                return edgeOf(bucket);
            }
        }

        throw new ArgumentOutOfRangeException(nameof(rank), rank, "more than the buckets hold");
    }

    private readonly record struct Bucket(double Low, double High, long Count)
    {
        public double CountTo(double value) => value >= High ? Count
            : value <= Low || double.IsInfinity(Low) ? 0
            : Count * ((value - Low) / (High - Low));
    }
}
