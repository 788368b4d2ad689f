using Kpi.Rollups.Store.Sqlite;
using Kpi.Rollups.Store.Tiers;
using Kpi.Rollups.Time;
using Microsoft.Data.Sqlite;

namespace Kpi.Rollups.Store.Upkeep;

/// <summary>
/// Moves late cells into every tier that holds their time. Until then reads of any tier add them, so that what comes late costs a
/// flush no more than what comes in time.
/// </summary>
internal sealed class LateStep(FoldStep folds) : IUpkeepStep
{
    // At most 65,536 counters or 4,096 distributions.
    private const int BlocksPerStep = 64;

    private readonly BodyWriter bodies = new();

    public Action<SqliteConnection>? Prepare(UpkeepView view)
    {
        var (numbers, last) = Oldest(view.Read);
        if (numbers.Count == 0)
        {
            return null;
        }

        var taken = new TakenLate(view, numbers[0].Cell, last);
        foreach (var (number, cell) in numbers)
        {
            var area = new CellArea(CellArea.Late, cell, cell, AfterBlock: number - 1, ToBlock: number);
            new StoredCellReader(view.Read, view.Names).Read(area, taken, view.Cancellation);
        }

        var blocks = taken.Merges.SelectMany(m => m.ToBlocks(bodies)).ToList();
        return writer =>
        {
            using var insert = new BlockInsert(writer);
            blocks.ForEach(b => insert.Insert(b));
            foreach (var (number, _) in numbers)
            {
                writer.Execute("DELETE FROM block WHERE number = $number", ("$number", number));
            }

            blocks.ForEach(b => folds.Note(in b));
        };
    }

    private static (List<(long Number, int Cell)> Blocks, int LastCell) Oldest(SqliteConnection connection)
    {
        using var command = connection.Command(
            "SELECT number, cell FROM block WHERE tier = $late ORDER BY cell, kind, shard LIMIT $most", ("$late", (int)CellArea.Late), ("$most", BlocksPerStep));
        using var row = command.ExecuteReader();
        var found = new List<(long, int)>();
        while (row.Read())
        {
            found.Add((row.GetInt64(0), row.GetInt32(1)));
        }

        return (found, found.Count == 0 ? 0 : found[^1].Item2);
    }

    /// <summary>Hands late cells to one merge per tier that holds their time.</summary>
    private sealed class TakenLate : IStoredCells
    {
        private readonly (TierReach Reach, CellMerge Merge)[] tiers;
        private int lastCell;
        private List<CellMerge> lastMerges = [];

        public TakenLate(UpkeepView view, int firstCell, int lastCell) => tiers =
        [
            .. TierMath.All.Select(t => view.Reaches[t])
                .Where(r => r.DroppedTo < lastCell && r.RolledTo >= firstCell)
                .Select(r => (r, new CellMerge(r.Tier, number => view.Names.EdgeSet(view.Read, number)))),
        ];

        public IEnumerable<CellMerge> Merges => tiers.Select(t => t.Merge);

        public bool Wants(Identity.SeriesKind kind, int series) => true;

        public void Take(TimeTier tier, int cell, int series, in Cells.CounterCell counter)
        {
            foreach (var merge in MergesOf(cell))
            {
                merge.Take(tier, cell, series, in counter);
            }
        }

        public void Take(TimeTier tier, int cell, int series, in Cells.GaugeCell gauge)
        {
            foreach (var merge in MergesOf(cell))
            {
                merge.Take(tier, cell, series, in gauge);
            }
        }

        public void Take(TimeTier tier, int cell, int series, Cells.HistogramCell histogram)
        {
            foreach (var merge in MergesOf(cell))
            {
                merge.Take(tier, cell, series, histogram);
            }
        }

        public void Take(TimeTier tier, int cell, int series, int edgeSet, Cells.DistributionCell distribution)
        {
            foreach (var merge in MergesOf(cell))
            {
                merge.Take(tier, cell, series, edgeSet, distribution);
            }
        }

        private List<CellMerge> MergesOf(int cell)
        {
            if (cell != lastCell)
            {
                (lastCell, lastMerges) = (cell, [.. tiers.Where(t => t.Reach.Holds(new Slice(cell))).Select(t => t.Merge)]);
            }

            return lastMerges;
        }
    }
}
