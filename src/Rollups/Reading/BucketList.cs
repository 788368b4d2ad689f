using Kpi.Rollups.Cells;

namespace Kpi.Rollups.Reading;

/// <summary>Buckets of any cut beside each other, as histograms of several senders bring them. Made for one question.</summary>
internal sealed class BucketList
{
    // Halves the stretch in which a value lies to less than a double tells apart.
    private const int Halvings = 60;

    private readonly List<Bucket> buckets = [];

    /// <summary>The buckets of a histogram.</summary>
    /// <param name="min">No value is smaller, as far as one was told.</param>
    public static BucketList Of(HistogramCounts counts, double min)
    {
        var list = new BucketList();
        list.Add(counts, min);
        return list;
    }

    /// <summary>Between what all values of a histogram lie.</summary>
    public static (double Low, double High) RangeOf(HistogramCounts counts)
    {
        var (low, high) = RangeOf(counts.Layout, counts.Positive);
        var (least, most) = RangeOf(counts.Layout, counts.Negative);
        var threshold = counts.Zeros > 0 ? counts.Layout.ZeroThreshold : double.NegativeInfinity;
        return (Math.Min(Math.Min(low, 0 - most), 0 - threshold), Math.Max(Math.Max(high, 0 - least), threshold));
    }

    /// <summary>What the smallest value of a histogram is at most and the largest at least, by the buckets that hold something.</summary>
    public static (double LeastAtMost, double MostAtLeast) InnerEdgesOf(HistogramCounts counts)
    {
        var (low, high) = InnerEdgesOf(counts.Layout, counts.Positive);
        var (least, most) = InnerEdgesOf(counts.Layout, counts.Negative);
        var threshold = counts.Zeros > 0 ? counts.Layout.ZeroThreshold : double.PositiveInfinity;
        return (Math.Min(Math.Min(low, 0 - most), threshold), Math.Max(Math.Max(high, 0 - least), 0 - threshold));
    }

    /// <summary>Adds a bucket <c>(low, high]</c>; both may be the same value.</summary>
    /// <param name="holdsLow">It is <c>[low, high]</c>.</param>
    public void Add(double low, double high, long count, bool holdsLow = false)
    {
        if (count > 0)
        {
            buckets.Add(new Bucket(low, high, count, holdsLow));
        }
    }

    /// <summary>Adds the buckets of a histogram.</summary>
    /// <param name="min">No value is smaller, as far as one was told.</param>
    public void Add(HistogramCounts counts, double min)
    {
        var layout = counts.Layout;
        var positive = counts.Positive.Counts;
        for (var i = 0; i < positive.Length; i++)
        {
            var (low, high) = RangeOf(layout, counts.Positive.First + i);
            var isLowest = layout.Scale is null && counts.Positive.First + i == 0;
            Add(isLowest ? Math.Min(low, min) : low, high, positive[i], isLowest);
        }

        var negative = counts.Negative.Counts;
        for (var i = 0; i < negative.Length; i++)
        {
            var (low, high) = layout.RangeOf(counts.Negative.First + i);
            Add(-high, 0 - low, negative[i], holdsLow: true);
        }

        Add(0 - layout.ZeroThreshold, layout.ZeroThreshold, counts.Zeros, holdsLow: true);
    }

    /// <summary>How many values are at most an edge: those that certainly are, and with those that may be.</summary>
    public (long Certain, long Possible) CountAtMost(double edge)
    {
        long certain = 0, possible = 0;
        foreach (var bucket in buckets)
        {
            certain = BucketRow.Sum(certain, bucket.High <= edge ? bucket.Count : 0);
            var mayBe = bucket.High <= edge || bucket.Low < edge || (bucket.HoldsLow && bucket.Low == edge);
            possible = BucketRow.Sum(possible, mayBe ? bucket.Count : 0);
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
        var (least, most) = (EdgeAt(rank, b => b.Low), EdgeAt(rank, b => b.High));
        var (low, high) = (Math.Max(least, min), Math.Min(most, max));
        if (low > high)
        {
            // What a sender tells of its smallest and largest value may contradict its buckets.
            (low, high) = (least, most);
        }

        if (double.IsInfinity(high) || double.IsInfinity(low))
        {
            var value = double.IsFinite(low) ? low : double.IsFinite(high) ? high : Math.Clamp(0, low, high);
            return new SketchValue(Math.Clamp(value, -double.MaxValue, double.MaxValue), low, high);
        }

        return new SketchValue(ValueAt(rank, low, high), low, high);
    }

    private double ValueAt(long rank, double low, double high)
    {
        // Those that reach into the stretch, in an order of their own: doubles do not add up the same in any.
        var below = buckets.Where(b => b.High <= low).Aggregate(0L, (sum, b) => BucketRow.Sum(sum, b.Count));
        Bucket[] within = [.. buckets.Where(b => b.High > low && b.Low < high).OrderBy(b => b.Low).ThenBy(b => b.High).ThenBy(b => b.Count)];
        var (from, to) = (low, high);
        for (var i = 0; i < Halvings && from < to; i++)
        {
            var middle = from + ((to - from) / 2);
            (from, to) = below + within.Sum(b => b.CountTo(middle)) < rank ? (middle, to) : (from, middle);
        }

        return to;
    }

    private static (double Low, double High) RangeOf(HistogramLayout layout, BucketRow row)
    {
        var first = row.Counts.IndexOfAnyExcept(0);
        return first < 0
            ? (double.PositiveInfinity, double.NegativeInfinity)
            : (RangeOf(layout, row.First + first).Low, RangeOf(layout, row.First + row.Counts.LastIndexOfAnyExcept(0)).High);
    }

    // The upper edge of the first filled bucket and the lower one of the last.
    private static (double Low, double High) InnerEdgesOf(HistogramLayout layout, BucketRow row)
    {
        var first = row.Counts.IndexOfAnyExcept(0);
        return first < 0
            ? (double.PositiveInfinity, double.NegativeInfinity)
            : (layout.RangeOf(row.First + first).High, layout.RangeOf(row.First + row.Counts.LastIndexOfAnyExcept(0)).Low);
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
            seen = BucketRow.Sum(seen, bucket.Count);
            if (seen >= rank)
            {
                return edgeOf(bucket);
            }
        }

        throw new ArgumentOutOfRangeException(nameof(rank), rank, "more than the buckets hold");
    }

    private readonly record struct Bucket(double Low, double High, long Count, bool HoldsLow)
    {
        public double CountTo(double value) => value >= High ? Count
            : value <= Low || double.IsInfinity(Low) ? 0
            : Count * ((value - Low) / (High - Low));
    }
}
