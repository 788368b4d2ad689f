using System.Runtime.InteropServices;
using Kpi.Rollups.Cells;

namespace Kpi.Rollups.Reading;

/// <summary>
/// Cells added up: any number of series and slices. Adding is exact, associative and commutative. Counts are kept apart by
/// edge set and by the buckets of histograms, so that a share at an edge is exact for what counted it and bounded by one bucket for
/// the rest.
/// </summary>
public sealed class Distribution
{
    // One layer per distinct edge set met: bounded by how often the declared edges change within the retention.
    private readonly List<Layer> layers = [];

    // And one per distinct layout that histograms came in.
    private readonly List<HistogramCounts> histograms = [];
    private UInt128 squaredWeights;

    /// <summary>Events, sampled ones by the number they stand for.</summary>
    public long Count { get; private set; }

    /// <summary>Observations as they came: the sample size.</summary>
    public long Observed { get; private set; }

    /// <summary>
    /// How many equally weighted observations say as much: (Σw)² / Σw², by Kish. Never more than <see cref="Observed"/>, and the
    /// same when every observation stands for as many events. Cells of before format 2 count as equally weighted.
    /// </summary>
    public double EffectiveCount => squaredWeights == 0 ? 0 : Math.Min(Observed, (double)Count * Count / (double)squaredWeights);

    /// <summary>Part of <see cref="Count"/> without a value.</summary>
    public long Valueless { get; private set; }

    /// <summary>Part of <see cref="Count"/> with a value: what quantiles and shares speak of.</summary>
    public long Measured => Count - Valueless;

    /// <summary>Sum of the values.</summary>
    public FixedSum Sum { get; private set; }

    /// <summary>Smallest value, or a bound under it where histograms did not tell it; +∞ without values.</summary>
    public double Min { get; private set; } = double.PositiveInfinity;

    /// <summary>Largest value, or a bound over it; −∞ without values.</summary>
    public double Max { get; private set; } = double.NegativeInfinity;

    /// <summary>Adds a cell; nothing of the cell is kept.</summary>
    public void Add(DistributionCell cell)
    {
        squaredWeights += cell.SquaredWeights;
        AddTotals(cell.Count, cell.Observed, cell.Valueless, cell.Sum, cell.Min, cell.Max);
        var layer = LayerOf(cell.Edges);
        layer.Zeros += cell.Zeros;
        layer.AddEdges(cell.AtEdges);
        layer.Buckets.Add(cell.FirstBucket, cell.Buckets);
    }

    /// <summary>Adds a histogram's cell; nothing of the cell is kept.</summary>
    public void Add(HistogramCell cell)
    {
        var counts = cell.Increase;
        if (counts.Count == 0)
        {
            return;
        }

        squaredWeights += (UInt128)counts.Count;
        // What a sender tells of its smallest and largest value may contradict its buckets; then the buckets count.
        var (low, high) = BucketList.RangeOf(counts);
        var (leastAtMost, mostAtLeast) = BucketList.InnerEdgesOf(counts);
        AddTotals(
            counts.Count, counts.Count, counts.Count - counts.InBuckets, counts.Sum ?? FixedSum.Zero,
            cell.Min <= leastAtMost ? cell.Min : low, cell.Max >= mostAtLeast ? cell.Max : high);
        HistogramOf(counts.Layout).Add(counts);
    }

    /// <summary>Adds another distribution; nothing of it is kept.</summary>
    public void Add(Distribution other)
    {
        squaredWeights += other.squaredWeights;
        AddTotals(other.Count, other.Observed, other.Valueless, other.Sum, other.Min, other.Max);
        foreach (var theirs in CollectionsMarshal.AsSpan(other.layers))
        {
            var layer = LayerOf(theirs.Edges);
            layer.Zeros += theirs.Zeros;
            layer.AddEdges(theirs.AtEdges);
            layer.Buckets.Add(theirs.Buckets);
        }

        foreach (var theirs in CollectionsMarshal.AsSpan(other.histograms))
        {
            HistogramOf(theirs.Layout).Add(theirs);
        }
    }

    /// <summary>How many values are at most <paramref name="edge"/>: two equal numbers where every cell counted that edge exactly, else bounds.</summary>
    public (long Low, long High) CountAtMost(double edge)
    {
        long low = 0, high = 0;
        foreach (var layer in layers)
        {
            if (edge < 0)
            {
                // No duration is negative.
                break;
            }

            var at = layer.Edges.IndexOf(edge);
            if (at >= 0)
            {
                var exact = layer.CountTo(at);
                low += exact;
                high += exact;
                continue;
            }

            var (below, within) = layer.Buckets.Around(edge);
            low += layer.Zeros + below;
            high += layer.Zeros + below + within;
        }

        foreach (var histogram in histograms)
        {
            var (certain, possible) = BucketList.Of(histogram, Min).CountAtMost(edge);
            low = BucketRow.Sum(low, certain);
            high = BucketRow.Sum(high, possible);
        }

        // Every value at or under the edge: nothing is uncertain, whatever bucket the edge cuts. Above none of them: the same.
        return edge >= Max ? (Measured, Measured) : edge < Min ? (0, 0) : (low, high);
    }

    /// <summary>
    /// The value of rank <paramref name="rank"/> (1 is the smallest) as the sketch knows it: its bucket's middle and edges, cut to
    /// the smallest and largest value seen. Null when there is no such rank.
    /// </summary>
    public SketchValue? AtRank(long rank)
    {
        if (rank < 1 || rank > Measured)
        {
            return null;
        }

        if (histograms.Count > 0)
        {
            return Buckets().AtRank(rank, Min, Max);
        }

        var zeros = layers.Sum(l => l.Zeros);
        if (rank <= zeros)
        {
            return new SketchValue(0, 0, 0);
        }

        var index = BucketCounts.IndexAtRank(layers.Select(l => l.Buckets), rank - zeros);
        var low = Math.Max(SketchMath.LowerEdge(index), Min);
        var high = Math.Min(SketchMath.UpperEdge(index), Max);
        return new SketchValue(Math.Clamp(SketchMath.Middle(index), low, high), low, high);
    }

    /// <summary>The order statistic ⌈qn⌉ of the measured values; null without values. <paramref name="q"/> lies in (0, 1].</summary>
    public SketchValue? Quantile(double q) => AtRank(Math.Max(1, (long)Math.Ceiling((decimal)q * Measured)));

    private BucketList Buckets()
    {
        var buckets = new BucketList();
        foreach (var layer in layers)
        {
            buckets.Add(0, 0, layer.Zeros);
            foreach (var (index, count) in layer.Buckets.Filled())
            {
                buckets.Add(SketchMath.LowerEdge(index), SketchMath.UpperEdge(index), count);
            }
        }

        histograms.ForEach(h => buckets.Add(h, Min));
        return buckets;
    }

    private HistogramCounts HistogramOf(HistogramLayout layout)
    {
        foreach (var known in histograms)
        {
            if (known.Layout.Equals(layout))
            {
                return known;
            }
        }

        var added = new HistogramCounts();
        added.Reset(layout);
        histograms.Add(added);
        return added;
    }

    private void AddTotals(long count, long observed, long valueless, FixedSum sum, double min, double max)
    {
        Count = BucketRow.Sum(Count, count);
        Observed = BucketRow.Sum(Observed, observed);
        Valueless = BucketRow.Sum(Valueless, valueless);
        Sum += sum;
        Min = Math.Min(Min, min);
        Max = Math.Max(Max, max);
    }

    private Layer LayerOf(EdgeSet edges)
    {
        foreach (var layer in layers)
        {
            if (ReferenceEquals(layer.Edges, edges) || layer.Edges.Equals(edges))
            {
                return layer;
            }
        }

        var added = new Layer(edges);
        layers.Add(added);
        return added;
    }

    private sealed class Layer(EdgeSet edges)
    {
        private readonly long[] atEdges = new long[edges.Edges.Length];

        public EdgeSet Edges { get; } = edges;

        public BucketCounts Buckets { get; } = new();

        public ReadOnlySpan<long> AtEdges => atEdges;

        public long Zeros { get; set; }

        public void AddEdges(ReadOnlySpan<long> counts)
        {
            for (var i = 0; i < atEdges.Length; i++)
            {
                atEdges[i] += counts[i];
            }
        }

        public long CountTo(int edge)
        {
            long sum = 0;
            for (var i = 0; i <= edge; i++)
            {
                sum += atEdges[i];
            }

            return sum;
        }
    }
}
