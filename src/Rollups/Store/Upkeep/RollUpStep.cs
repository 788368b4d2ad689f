using Kpi.Rollups.Store.Sqlite;
using Kpi.Rollups.Time;
using Microsoft.Data.Sqlite;

namespace Kpi.Rollups.Store.Upkeep;

/// <summary>Adds the cells of a tier up into the next one of the coarser tier, when its time is over.</summary>
internal sealed class RollUpStep : IUpkeepStep
{
    // What comes within two minutes is not late: most exporters send every few seconds, none holds back longer than a minute.
    private const int SlicesOfGrace = 12;

    private readonly BodyWriter bodies = new();

    public Action<SqliteConnection>? Prepare(UpkeepView view)
    {
        foreach (var tier in TierMath.All.Skip(1))
        {
            var length = TierMath.SlicesOf(tier);
            var ready = tier == TimeTier.Minutes ? view.Now.Number - SlicesOfGrace : view.Reaches[tier - 1].RolledTo;
            ready -= ready % length;
            if (view.Reaches[tier].RolledTo < ready)
            {
                return Roll(view, tier, ready);
            }
        }

        return null;
    }

    private Action<SqliteConnection> Roll(UpkeepView view, TimeTier tier, int ready)
    {
        var source = tier - 1;
        var reach = view.Reaches[tier];
        var firstFine = TierMath.CellOf(source, new Slice(reach.RolledTo + 1));
        var next = view.FirstCell(source, firstFine) is { } found ? TierMath.CellOf(tier, TierMath.SpanOf(source, found).First) : int.MaxValue;
        var rolledTo = next <= ready / TierMath.SlicesOf(tier) ? TierMath.SpanOf(tier, next).Last.Number : ready;
        var area = new CellArea(source, firstFine, TierMath.CellOf(source, new Slice(rolledTo)));
        var seen = view.LastBlock;
        var blocks = new List<PreparedBlock>();
        foreach (var shard in view.Shards(source, area.First, area.Last))
        {
            blocks.AddRange(Merge(view.Read, view.Names, tier, area with { Only = SeriesChoice.Of(shard) }, view.Cancellation));
        }

        return writer =>
        {
            // A flush may have come in between.
            blocks.AddRange(Merge(writer, view.Names, tier, area with { AfterBlock = seen }, CancellationToken.None));
            using var insert = new BlockInsert(writer);
            blocks.ForEach(b => insert.Insert(b));
            StoredReaches.Write(writer, reach with { RolledTo = rolledTo });
        };
    }

    private List<PreparedBlock> Merge(SqliteConnection connection, SqliteNames names, TimeTier tier, CellArea area, CancellationToken cancellation)
    {
        var merge = new CellMerge(tier, number => names.EdgeSet(connection, number));
        new StoredCellReader(connection, names).Read(area, merge, cancellation);
        return [.. merge.ToBlocks(bodies)];
    }
}
