using Kpi.Rollups.Cells;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Store;
using Kpi.Rollups.Time;

namespace Kpi.Bench;

/// <summary>
/// What a platform flushes: cumulative counters from sources that export every 10 s, some ms after the edge, each time a little
/// differently; and distributions of 60 buckets that keep their shape.
/// </summary>
internal sealed class StoreLoad
{
    private const int SeriesPerSource = 500;
    private const int Buckets = 60;

    // Around 100 ms.
    private const int FirstBucket = -230;

    private static readonly EdgeSet Edges = EdgeSet.Of([0.1, 0.15, 0.2]);

    private readonly Guid writer = Guid.NewGuid();
    private readonly Random random = new(20261122);
    private readonly Series[] counters;
    private readonly Series[] distributions;
    private readonly long[] totals;
    private readonly DistributionCell[] cells;
    private readonly Shape shape;
    private readonly long[][][] values;
    private long flush;

    public StoreLoad(int counters, int distributions, Shape shape)
    {
        this.shape = shape;
        this.counters = [.. Enumerable.Range(0, counters).Select(i => Named("requests_total", i, SeriesKind.Counter))];
        this.distributions = [.. Enumerable.Range(0, distributions).Select(i => Named("http.server.request.duration", i, SeriesKind.Distribution))];
        totals = [.. Enumerable.Range(0, counters).Select(_ => (long)random.Next(1 << 22))];
        cells = [.. Enumerable.Range(0, distributions).Select(_ => new DistributionCell(new CellMemory()))];
        values = [.. cells.Select(_ => Enumerable.Range(0, Buckets).Select(DrawBucket).ToArray())];
    }

    public IReadOnlyList<Series> Counters => counters;

    public IReadOnlyList<Series> Distributions => distributions;

    /// <summary>Distribution cells flushed: of a quiet service not every slice has one.</summary>
    public long DistributionCells { get; private set; }

    /// <summary>The flush of a slice: a cell of every series.</summary>
    public FlushCommit Next(Slice slice)
    {
        long[] offsets = [.. Enumerable.Range(0, (counters.Length / SeriesPerSource) + 1).Select(s => 1_000_000L * (s % 9_000 + random.Next(5)))];
        var c = new CounterIncrement[counters.Length];
        for (var i = 0; i < c.Length; i++)
        {
            var increase = random.Next(12);
            totals[i] += increase;
            var offset = offsets[i / SeriesPerSource];
            c[i] = new CounterIncrement(counters[i], slice, new CounterCell(FixedSum.From(increase), 1, offset, offset, totals[i], false));
        }

        var d = new List<DistributionIncrement>(distributions.Length);
        for (var i = 0; i < distributions.Length; i++)
        {
            Draw(i);
            if (cells[i].Count > 0)
            {
                d.Add(new DistributionIncrement(distributions[i], slice, cells[i]));
            }
        }

        DistributionCells += d.Count;
        return new FlushCommit(writer, new FlushMark(++flush, 0), d, c);
    }

    private static Series Named(string name, int i, SeriesKind kind) => Series.Of(
        kind, "s", Labels.Of(("__name__", name), ("service.name", $"service-{i / SeriesPerSource}"), ("http.route", $"/route/{i % SeriesPerSource}"), ("http.response.status_code", "200")));

    // Makes a cell of the next slice.
    private void Draw(int of)
    {
        var cell = cells[of];
        cell.Reset(Edges);
        if (shape == Shape.Quiet)
        {
            // Events that come at any moment, one in a slice on average.
            for (var left = random.NextDouble(); left > 1 / Math.E; left *= random.NextDouble())
            {
                cell.TryAdd((long)(0.05 * Math.Exp(0.5 * Normal()) * 1e9), 1);
            }

            return;
        }

        for (var change = 0; change < (shape == Shape.Drawn ? Buckets : 2); change++)
        {
            var at = shape == Shape.Drawn ? change : random.Next(Buckets);
            values[of][at] = DrawBucket(at);
        }

        foreach (var bucket in values[of])
        {
            if (shape == Shape.TwoChange)
            {
                cell.TryAdd(bucket[0], (uint)bucket.Length);
                continue;
            }

            foreach (var value in bucket)
            {
                cell.TryAdd(value, 1);
            }
        }

        // As if each had been observed for itself.
        cell.Observed = cell.Count;
        cell.SquaredWeights = (UInt128)cell.Count;
    }

    // 1 to 20 values: all in the middle, or anywhere in the bucket, which is 1 % wide.
    private long[] DrawBucket(int at)
    {
        var drawn = new long[1 + random.Next(20)];
        for (var i = 0; i < drawn.Length; i++)
        {
            var within = shape == Shape.TwoChange ? 1 : 1 + ((random.NextDouble() - 0.5) / 100);
            drawn[i] = (long)(SketchMath.Middle(FirstBucket + at) * within * 1e9);
        }

        return drawn;
    }

    private double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}

/// <summary>What the distributions of a load are like.</summary>
internal enum Shape
{
    /// <summary>60 buckets, of which two are drawn anew for each slice, all values in the middle of their buckets.</summary>
    TwoChange,

    /// <summary>The same, with values anywhere in their buckets.</summary>
    TwoChangeAnywhere,

    /// <summary>60 buckets, all drawn anew for each slice, with values anywhere in their buckets.</summary>
    Drawn,

    /// <summary>A request every ten seconds on average, at any moment, log-normal around 50 ms.</summary>
    Quiet,
}
