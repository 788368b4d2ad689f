using Kpi.Rollups.Store.Blocks;
using Kpi.Rollups.Store.Sqlite;
using Kpi.Rollups.Time;
using Microsoft.Data.Sqlite;

namespace Kpi.Rollups.Store.Upkeep;

/// <summary>
/// Folds the blocks of a period that is over into tiles of several series, shard by shard, and then deletes the blocks. What a tile
/// contains is told by the number of the last block in it, so that every step leaves the store whole.
/// </summary>
internal sealed class FoldStep : IUpkeepStep
{
    // Shards of folded periods whose late blocks are counted; beyond these the count begins anew.
    private const int MostCounted = 20_000;

    // Blocks that a flush left are deleted by the pages they fill.
    private const int CellsDeletedAtOnce = 6;

    private readonly BodyWriter bodies = new();
    private readonly Dictionary<TimeTier, int> nextPeriod = TierMath.All.ToDictionary(t => t, _ => 0);
    private readonly Dictionary<(TimeTier Tier, int Period, Shard Shard), int> late = [];
    private readonly Dictionary<(TimeTier Tier, int Period), HashSet<Shard>> again = [];
    private Pass? pass;

    /// <summary>
    /// Tells of a block written into time that may be folded already. Such blocks stay beside the tiles until there are as many of a
    /// shard as the period has cells: folding it again then costs each no more than folding it once did.
    /// </summary>
    public void Note(in PreparedBlock block)
    {
        var period = TierMath.PeriodOf(block.Tier, block.Cell);
        if (period >= nextPeriod[block.Tier])
        {
            return;
        }

        var key = (block.Tier, period, block.Shard);
        var blocks = late.GetValueOrDefault(key) + 1;
        if (blocks < TierMath.CellsPerPeriod(block.Tier))
        {
            if (late.Count >= MostCounted)
            {
                late.Clear();
            }

            late[key] = blocks;
            return;
        }

        late.Remove(key);
        if (!again.TryGetValue((block.Tier, period), out var shards))
        {
            again.Add((block.Tier, period), shards = []);
        }

        shards.Add(block.Shard);
    }

    public Action<SqliteConnection>? Prepare(UpkeepView view)
    {
        pass ??= FindAgain(view) ?? Find(view);
        if (pass is not { } now)
        {
            return null;
        }

        if (now.Shards.TryPeek(out var shard))
        {
            return Fold(view, now, shard);
        }

        return writer => Delete(writer, now);
    }

    private Pass? FindAgain(UpkeepView view)
    {
        if (again.Count == 0)
        {
            return null;
        }

        var ((tier, period), shards) = again.First();
        again.Remove((tier, period));
        var (first, last) = (TierMath.FirstCellOf(tier, period), TierMath.FirstCellOf(tier, period + 1) - 1);
        return TierMath.SpanOf(tier, last).Last.Number > view.Reaches[tier].DroppedTo
            ? new Pass(tier, period, first, last, view.LastBlock, new Queue<Shard>(shards)) { Deleted = first - 1 }
            : null;
    }

    private Pass? Find(UpkeepView view)
    {
        foreach (var tier in TierMath.All)
        {
            var from = nextPeriod[tier] == 0 ? 0 : TierMath.FirstCellOf(tier, nextPeriod[tier]);
            var cell = view.Read.Number("SELECT min(cell) FROM block WHERE tier = $tier AND cell >= $from", ("$tier", (int)tier), ("$from", from));
            if (cell is not { } found)
            {
                continue;
            }

            var period = TierMath.PeriodOf(tier, (int)found);
            var (first, last) = (TierMath.FirstCellOf(tier, period), TierMath.FirstCellOf(tier, period + 1) - 1);

            // Flushes write into the 10 s tier until the next has taken the slice.
            var over = tier == TimeTier.Slices ? view.Reaches[TimeTier.Minutes].RolledTo : view.Reaches[tier].RolledTo;
            if (TierMath.SpanOf(tier, last).Last.Number <= over)
            {
                var shards = new Queue<Shard>(view.Shards(tier, first, last).Where(s => HasBlocks(view.Read, tier, first, last, s)));
                return new Pass(tier, period, first, last, view.LastBlock, shards) { Deleted = (int)found - 1 };
            }
        }

        return null;
    }

    private static bool HasBlocks(SqliteConnection connection, TimeTier tier, int first, int last, Shard shard) => connection.Number(
        "SELECT 1 FROM block WHERE tier = $tier AND cell BETWEEN $first AND $last AND kind = $kind AND shard = $shard LIMIT 1",
        ("$tier", (int)tier), ("$first", first), ("$last", last), ("$kind", (int)shard.Kind), ("$shard", shard.Number)) is not null;

    private Action<SqliteConnection> Fold(UpkeepView view, Pass now, Shard shard)
    {
        var area = new CellArea(now.Tier, now.First, now.Last, SeriesChoice.Of(shard), ToBlock: now.LastBlock);
        var cells = new FoldedCells(now.Tier, now.First, number => view.Names.EdgeSet(view.Read, number));
        new StoredCellReader(view.Read, view.Names).Read(area, cells, view.Cancellation);
        var tiles = cells.ToTiles(bodies).ToList();
        return writer =>
        {
            var perGroup = BlockFormat.SeriesPerShard(shard.Kind) / BlockFormat.SeriesPerGroup(shard.Kind);
            writer.Execute(
                "DELETE FROM tile WHERE tier = $tier AND period = $period AND kind = $kind AND series_group BETWEEN $first AND $last",
                ("$tier", (int)now.Tier), ("$period", now.Period), ("$kind", (int)shard.Kind),
                ("$first", shard.Number * perGroup), ("$last", ((shard.Number + 1) * perGroup) - 1));
            foreach (var (group, body) in tiles)
            {
                writer.Execute(
                    "INSERT INTO tile(tier, period, kind, series_group, body) VALUES($tier, $period, $kind, $group, $body)",
                    ("$tier", (int)now.Tier), ("$period", now.Period), ("$kind", (int)shard.Kind), ("$group", group), ("$body", body));
            }

            writer.Execute(
                """
                INSERT INTO fold(tier, period, kind, shard, last_block) VALUES($tier, $period, $kind, $shard, $last)
                ON CONFLICT DO UPDATE SET last_block = excluded.last_block
                """,
                ("$tier", (int)now.Tier), ("$period", now.Period), ("$kind", (int)shard.Kind), ("$shard", shard.Number), ("$last", now.LastBlock));
            now.Shards.Dequeue();
        };
    }

    private void Delete(SqliteConnection writer, Pass now)
    {
        // Only what a tile contains: a fold that could not be committed leaves its blocks.
        writer.Execute(
            """
            DELETE FROM block WHERE tier = $tier AND cell BETWEEN $first AND $last AND number <=
                (SELECT last_block FROM fold f WHERE f.tier = $tier AND f.period = $period AND f.kind = block.kind AND f.shard = block.shard)
            """,
            ("$tier", (int)now.Tier), ("$period", now.Period), ("$first", now.Deleted + 1), ("$last", Math.Min(now.Deleted + CellsDeletedAtOnce, now.Last)));
        now.Deleted += CellsDeletedAtOnce;
        if (now.Deleted >= now.Last)
        {
            nextPeriod[now.Tier] = Math.Max(nextPeriod[now.Tier], now.Period + 1);
            pass = null;
        }
    }

    private sealed record Pass(TimeTier Tier, int Period, int First, int Last, long LastBlock, Queue<Shard> Shards)
    {
        public int Deleted { get; set; }
    }
}
