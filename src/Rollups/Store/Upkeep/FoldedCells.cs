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
    private readonly CellMerge distributions = new(tier, edgeSetOf);
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
        distributions.Take(of, cell, series, edgeSet, distribution);

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

        foreach (var group in distributions.Distributions().GroupBy(d => d.Place.Series / BlockFormat.SeriesPerGroup(SeriesKind.Distribution)))
        {
            var placed = group.Select(d => d with { Place = d.Place with { Time = d.Place.Time - firstCell } }).ToArray();
            foreach (var body in bodies.Distributions(placed, span))
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
