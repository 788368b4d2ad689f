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
    private readonly bool repeating;
    private long flush;

    /// <param name="repeating">True: a distribution changes in two of its buckets from slice to slice. False: every count is drawn anew.</param>
    public StoreLoad(int counters, int distributions, bool repeating)
    {
        this.repeating = repeating;
        this.counters = [.. Enumerable.Range(0, counters).Select(i => Named("requests_total", i, SeriesKind.Counter))];
        this.distributions = [.. Enumerable.Range(0, distributions).Select(i => Named("http.server.request.duration", i, SeriesKind.Distribution))];
        totals = [.. Enumerable.Range(0, counters).Select(_ => (long)random.Next(1 << 22))];
        cells = [.. Enumerable.Range(0, distributions).Select(_ => new DistributionCell(new CellMemory()))];
        foreach (var cell in cells)
        {
            Draw(cell, Buckets);
        }
    }

    public IReadOnlyList<Series> Counters => counters;

    public IReadOnlyList<Series> Distributions => distributions;

    /// <summary>The flush of a slice: a cell of every series, or of every n-th.</summary>
    public FlushCommit Next(Slice slice, int every = 1)
    {
        long[] offsets = [.. Enumerable.Range(0, (counters.Length / SeriesPerSource) + 1).Select(s => 1_000_000L * (s % 9_000 + random.Next(5)))];
        var c = new CounterIncrement[counters.Length / every];
        for (var i = 0; i < c.Length; i++)
        {
            var (of, increase) = (i * every, random.Next(12));
            totals[of] += increase;
            var offset = offsets[of / SeriesPerSource];
            c[i] = new CounterIncrement(counters[of], slice, new CounterCell(FixedSum.From(increase), 1, offset, offset, totals[of], false));
        }

        var d = new DistributionIncrement[distributions.Length / every];
        for (var i = 0; i < d.Length; i++)
        {
            Draw(cells[i * every], repeating ? 2 : Buckets);
            d[i] = new DistributionIncrement(distributions[i * every], slice, cells[i * every]);
        }

        return new FlushCommit(writer, new FlushMark(++flush, 0), d, c);
    }

    private static Series Named(string name, int i, SeriesKind kind) => Series.Of(
        kind, "s", Labels.Of(("__name__", name), ("service.name", $"service-{i / SeriesPerSource}"), ("http.route", $"/route/{i % SeriesPerSource}"), ("http.response.status_code", "200")));

    // Changes so many buckets of a cell and makes its totals fit.
    private void Draw(DistributionCell cell, int changes)
    {
        uint[] counts = [.. Enumerable.Range(0, Buckets).Select(i => cell.Buckets.IsEmpty ? 1 : cell.Buckets[FirstBucket + i - cell.FirstBucket])];
        for (; changes > 0; changes--)
        {
            var at = changes == Buckets ? 0 : random.Next(Buckets);
            counts[changes < 3 ? at : changes - 1] = (uint)(1 + random.Next(20));
        }

        cell.Reset(Edges);
        foreach (var (at, count) in counts.Index())
        {
            // A bucket is 1 % wide; drawn anew, smallest and largest value are anywhere in theirs.
            var within = repeating ? 1 : 1 + ((random.NextDouble() - 0.5) / 128);
            cell.TryAdd((long)(SketchMath.Middle(FirstBucket + at) * within * 1e9), count);
        }

        // As if each had been observed for itself.
        cell.Observed = cell.Count;
        cell.SquaredWeights = (UInt128)cell.Count;
    }
}
