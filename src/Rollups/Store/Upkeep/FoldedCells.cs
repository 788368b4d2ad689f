using Kpi.Rollups.Cells;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Store.Blocks;
using Kpi.Rollups.Store.Sqlite;
using Kpi.Rollups.Time;

namespace Kpi.Rollups.Store.Upkeep;

/// <summary>The cells of a shard over a period, on their way into tiles. Counters of a full shard take 25 MB.</summary>
internal sealed class FoldedCells(TimeTier tier, int firstCell, Func<int, EdgeSet> edgeSetOf) : IStoredCells
{
    private static readonly int PerGroup = BlockFormat.SeriesPerGroup(SeriesKind.Counter);

    private readonly int span = TierMath.CellsPerPeriod(tier);
    private readonly CellMerge others = new(tier, edgeSetOf);
    private readonly SortedDictionary<int, Grid> counters = [];
    private int lastGroup = -1;
    private Grid? grid;

    public bool Wants(SeriesKind kind, int series) => true;

    public void Take(TimeTier of, int cell, int series, in CounterCell counter)
    {
        // Neighbours come one after the other.
        if (series / PerGroup != lastGroup)
        {
            lastGroup = series / PerGroup;
            if (!counters.TryGetValue(lastGroup, out grid))
            {
                counters.Add(lastGroup, grid = new Grid(span * PerGroup));
            }
        }

        var at = ((cell - firstCell) * PerGroup) + (series % PerGroup);
        grid!.Cells[at] = grid.Has[at] ? grid.Cells[at] + counter : counter;
        grid.Has[at] = true;
    }

    public void Take(TimeTier of, int cell, int series, int edgeSet, DistributionCell distribution) =>
        others.Take(of, cell, series, edgeSet, distribution);

    public void Take(TimeTier of, int cell, int series, in GaugeCell gauge) => others.Take(of, cell, series, in gauge);

    public void Take(TimeTier of, int cell, int series, HistogramCell histogram) => others.Take(of, cell, series, histogram);

    /// <summary>Tiles by the number of their group of series.</summary>
    public IEnumerable<(int Group, byte[] Body)> ToTiles(BodyWriter bodies)
    {
        foreach (var (group, cells) in counters)
        {
            foreach (var body in bodies.Counters(cells.Placed(group * PerGroup), span))
            {
                yield return (group, body);
            }
        }

        var histograms = others.Histograms();
        ForgetTotalsButTheLast(histograms);
        var tiles = Tiles(SeriesKind.Distribution, others.Distributions(), d => d.Place, (d, place) => d with { Place = place }, cells => bodies.Distributions(cells, span))
            .Concat(Tiles(SeriesKind.Gauge, others.Gauges(), g => g.Place, (g, place) => g with { Place = place }, cells => bodies.Gauges(cells, span)))
            .Concat(Tiles(SeriesKind.Histogram, histograms, h => h.Place, (h, place) => h with { Place = place }, cells => bodies.Histograms(cells, span)));
        foreach (var tile in tiles)
        {
            yield return tile;
        }
    }

    // A restart reckons from the newest totals of a series; those before them say nothing more.
    private static void ForgetTotalsButTheLast(PlacedHistogram[] histograms)
    {
        foreach (var series in histograms.Where(h => h.Cell.HasTotals).GroupBy(h => h.Place.Series))
        {
            // In a slice there may be some of several layouts.
            foreach (var earlier in series.OrderBy(h => h.Place.Time).ThenBy(h => h.Cell.TotalsOffset).SkipLast(1))
            {
                earlier.Cell.ForgetTotals();
            }
        }
    }

    private IEnumerable<(int Group, byte[] Body)> Tiles<T>(
        SeriesKind kind, T[] all, Func<T, CellPlace> placeOf, Func<T, CellPlace, T> placed, Func<T[], IEnumerable<byte[]>> write)
    {
        foreach (var group in all.GroupBy(c => placeOf(c).Series / BlockFormat.SeriesPerGroup(kind)))
        {
            foreach (var body in write([.. group.Select(c => placed(c, placeOf(c) with { Time = placeOf(c).Time - firstCell }))]))
            {
                yield return (group.Key, body);
            }
        }
    }

    private sealed class Grid(int size)
    {
        public CounterCell[] Cells { get; } = new CounterCell[size];

        public bool[] Has { get; } = new bool[size];

        public PlacedCounter[] Placed(int firstSeries)
        {
            var placed = new List<PlacedCounter>(size);
            for (var i = 0; i < size; i++)
            {
                if (Has[i])
                {
                    placed.Add(new PlacedCounter(new CellPlace(firstSeries + (i % PerGroup), i / PerGroup), Cells[i]));
                }
            }

            return [.. placed];
        }
    }
}
