using Kpi.Rollups.Cells;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Store.Blocks;
using Kpi.Rollups.Store.Sqlite;
using Kpi.Rollups.Time;

namespace Kpi.Rollups.Store.Upkeep;

/// <summary>Adds stored cells up into the cells of a tier.</summary>
internal sealed class CellMerge(TimeTier tier, Func<int, EdgeSet> edgeSetOf) : IStoredCells
{
    private readonly Dictionary<CellPlace, CounterCell> counters = [];
    private readonly Dictionary<(CellPlace Place, int EdgeSet), DistributionCell> distributions = [];

    private readonly Dictionary<CellPlace, GaugeCell> gauges = [];
    private readonly Dictionary<(CellPlace Place, HistogramLayout Layout), HistogramCell> histograms = [];

    // Cells whose buckets were too full to take more.
    private readonly List<PlacedDistribution> full = [];

    public bool Wants(SeriesKind kind, int series) => true;

    public void Take(TimeTier of, int cell, int series, in CounterCell counter)
    {
        var (target, shift) = Target(of, cell);
        var moved = counter.Samples == 0 || shift == 0
            ? counter
            : counter with { FirstOffset = counter.FirstOffset + shift, LastOffset = counter.LastOffset + shift };
        ref var sum = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(counters, new CellPlace(series, target), out var known);
        sum = known ? sum + moved : moved;
    }

    public void Take(TimeTier of, int cell, int series, in GaugeCell gauge)
    {
        var (target, shift) = Target(of, cell);
        var moved = gauge with { LastOffset = gauge.LastOffset + shift };
        ref var sum = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(gauges, new CellPlace(series, target), out var known);
        sum = known ? sum + moved : moved;
    }

    public void Take(TimeTier of, int cell, int series, HistogramCell histogram)
    {
        var (target, shift) = Target(of, cell);
        var key = (new CellPlace(series, target), histogram.Increase.Layout);
        if (!histograms.TryGetValue(key, out var sum))
        {
            histograms.Add(key, sum = new HistogramCell());
            sum.Reset(histogram.Increase.Layout);
        }

        sum.Add(histogram, shift);
        if (tier != TimeTier.Slices)
        {
            // A restart looks for them among slices.
            sum.ForgetTotals();
        }
    }

    public void Take(TimeTier of, int cell, int series, int edgeSet, DistributionCell distribution)
    {
        var place = new CellPlace(series, Target(of, cell).Cell);
        if (distributions.TryGetValue((place, edgeSet), out var sum) && sum.TryAdd(distribution))
        {
            return;
        }

        if (sum is not null)
        {
            full.Add(new PlacedDistribution(place, edgeSet, sum));
        }

        sum = new DistributionCell(new CellMemory());
        sum.Reset(edgeSetOf(edgeSet));
        sum.TryAdd(distribution);
        distributions[(place, edgeSet)] = sum;
    }

    /// <summary>What was added up, by time and then series. Times are cells of the tier.</summary>
    public PlacedCounter[] Counters() =>
        ByTime([.. counters.Select(c => new PlacedCounter(c.Key, c.Value))]);

    /// <summary>What was added up, by series and then time. A place may occur several times.</summary>
    public PlacedDistribution[] Distributions() =>
        [.. distributions.Select(d => new PlacedDistribution(d.Key.Place, d.Key.EdgeSet, d.Value)).Concat(full)
            .OrderBy(d => d.Place.Series).ThenBy(d => d.Place.Time)];

    /// <summary>What was added up, by series and then time.</summary>
    public PlacedGauge[] Gauges() =>
        [.. gauges.Select(g => new PlacedGauge(g.Key, g.Value)).OrderBy(g => g.Place.Series).ThenBy(g => g.Place.Time)];

    /// <summary>What was added up, by series and then time. A place may occur several times.</summary>
    public PlacedHistogram[] Histograms() =>
        [.. histograms.Select(h => new PlacedHistogram(h.Key.Place, h.Value)).OrderBy(h => h.Place.Series).ThenBy(h => h.Place.Time)];

    /// <summary>One block per cell and shard.</summary>
    public IEnumerable<PreparedBlock> ToBlocks(BodyWriter bodies) =>
        Blocks(SeriesKind.Counter, Counters(), c => c.Place, (c, place) => new PlacedCounter(place, c.Cell), cells => bodies.Counters(cells, span: 1))
        .Concat(Blocks(SeriesKind.Distribution, Distributions(), d => d.Place, (d, place) => d with { Place = place }, cells => bodies.Distributions(cells, span: 1)))
        .Concat(Blocks(SeriesKind.Gauge, Gauges(), g => g.Place, (g, place) => g with { Place = place }, cells => bodies.Gauges(cells, span: 1)))
        .Concat(Blocks(SeriesKind.Histogram, Histograms(), h => h.Place, (h, place) => h with { Place = place }, cells => bodies.Histograms(cells, span: 1)));

    private IEnumerable<PreparedBlock> Blocks<T>(
        SeriesKind kind, T[] all, Func<T, CellPlace> placeOf, Func<T, CellPlace, T> placed, Func<T[], IEnumerable<byte[]>> write)
    {
        foreach (var block in all.GroupBy(c => (placeOf(c).Time, Shard: placeOf(c).Series / BlockFormat.SeriesPerShard(kind))))
        {
            foreach (var body in write([.. block.Select(c => placed(c, placeOf(c) with { Time = 0 }))]))
            {
                yield return new PreparedBlock(tier, block.Key.Time, new Shard(kind, block.Key.Shard), body);
            }
        }
    }

    private static PlacedCounter[] ByTime(PlacedCounter[] cells)
    {
        Array.Sort(Array.ConvertAll(cells, c => ((long)c.Place.Time << 32) | (uint)c.Place.Series), cells);
        return cells;
    }

    private (int Cell, long Shift) Target(TimeTier of, int cell)
    {
        if (of == tier)
        {
            return (cell, 0);
        }

        var first = TierMath.SpanOf(of, cell).First;
        var target = TierMath.CellOf(tier, first);
        return (target, (first.Number - TierMath.SpanOf(tier, target).First.Number) * Slice.LengthNanos);
    }
}
