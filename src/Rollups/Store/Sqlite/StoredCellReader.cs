using Kpi.Rollups.Identity;
using Kpi.Rollups.Time;
using Microsoft.Data.Sqlite;

namespace Kpi.Rollups.Store.Sqlite;

/// <summary>Reads cells from tiles and blocks on one connection; one thread.</summary>
internal sealed class StoredCellReader
{
    // Beyond this many shards, reading all blocks of a stretch costs less than finding each.
    private const int MostShardsApart = 16;

    private readonly SqliteConnection connection;
    private readonly BodyReader bodies;

    public StoredCellReader(SqliteConnection connection, SqliteNames names)
    {
        this.connection = connection;
        bodies = new BodyReader(connection, names);
    }

    public void Read(CellArea area, IStoredCells into, CancellationToken cancellation)
    {
        var folded = area.Tier == CellArea.Late ? [] : Folds(area);
        if (folded.Count > 0 && area.AfterBlock == 0)
        {
            ReadTiles(area, into, cancellation);
        }

        if (area.Only is { Shards.Count: <= MostShardsApart } few)
        {
            ReadBlocksOf(few.Shards, area, folded, into, cancellation);
        }
        else
        {
            ReadBlocks(area, folded, into, cancellation);
        }
    }

    // For each period and shard the last block that its tiles contain.
    private Dictionary<(int Period, Shard Shard), long> Folds(CellArea area)
    {
        var folds = new Dictionary<(int, Shard), long>();
        using var command = connection.Command(
            "SELECT period, kind, shard, last_block FROM fold WHERE tier = $tier AND period BETWEEN $first AND $last",
            ("$tier", (int)area.Tier),
            ("$first", TierMath.PeriodOf(area.Tier, area.First)),
            ("$last", TierMath.PeriodOf(area.Tier, area.Last)));
        using var row = command.ExecuteReader();
        while (row.Read())
        {
            folds[(row.GetInt32(0), new Shard((SeriesKind)row.GetInt32(1), row.GetInt32(2)))] = row.GetInt64(3);
        }

        return folds;
    }

    private void ReadTiles(CellArea area, IStoredCells into, CancellationToken cancellation)
    {
        var (first, last) = (TierMath.PeriodOf(area.Tier, area.First), TierMath.PeriodOf(area.Tier, area.Last));
        const string All = "SELECT period, kind, body FROM tile WHERE tier = $tier AND period BETWEEN $first AND $last";
        if (area.Only is null)
        {
            using var command = connection.Command(All, ("$tier", (int)area.Tier), ("$first", first), ("$last", last));
            ShowTiles(command, area, into, cancellation);
            return;
        }

        using var run = connection.Command(
            "SELECT period, kind, body FROM tile WHERE tier = $tier AND period = $period AND kind = $kind AND series_group BETWEEN $first AND $last",
            ("$tier", (int)area.Tier), ("$period", 0), ("$kind", 0), ("$first", 0), ("$last", 0));
        for (var period = first; period <= last; period++)
        {
            foreach (var (kind, firstGroup, lastGroup) in area.Only.GroupRuns)
            {
                run.Parameters[1].Value = period;
                run.Parameters[2].Value = (int)kind;
                run.Parameters[3].Value = firstGroup;
                run.Parameters[4].Value = lastGroup;
                ShowTiles(run, area, into, cancellation);
            }
        }
    }

    private void ShowTiles(SqliteCommand command, CellArea area, IStoredCells into, CancellationToken cancellation)
    {
        using var row = command.ExecuteReader();
        while (row.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            bodies.Show((SeriesKind)row.GetInt32(1), row.Blob(2), TierMath.FirstCellOf(area.Tier, row.GetInt32(0)), area, into);
        }
    }

    private void ReadBlocks(
        CellArea area, Dictionary<(int Period, Shard Shard), long> folded, IStoredCells into, CancellationToken cancellation)
    {
        using var command = connection.Command(
            """
            SELECT number, cell, kind, shard, body FROM block
            WHERE tier = $tier AND cell BETWEEN $first AND $last AND number > $after AND number <= $to
            """,
            ("$tier", (int)area.Tier), ("$first", area.First), ("$last", area.Last), ("$after", area.AfterBlock), ("$to", area.ToBlock));
        using var row = command.ExecuteReader();
        while (row.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            var (cell, shard) = (row.GetInt32(1), new Shard((SeriesKind)row.GetInt32(2), row.GetInt32(3)));
            if (row.GetInt64(0) > LastFolded(area, cell, shard, folded))
            {
                bodies.Show(shard.Kind, row.Blob(4), cell, area, into);
            }
        }
    }

    // Goes from one cell that has blocks to the next, and there to the shards alone.
    private void ReadBlocksOf(
        IReadOnlyList<Shard> shards, CellArea area, Dictionary<(int Period, Shard Shard), long> folded, IStoredCells into, CancellationToken cancellation)
    {
        using var next = connection.Command(
            "SELECT min(cell) FROM block WHERE tier = $tier AND cell >= $cell", ("$tier", (int)area.Tier), ("$cell", area.First));
        using var blocks = connection.Command(
            "SELECT number, body FROM block WHERE tier = $tier AND cell = $cell AND kind = $kind AND shard = $shard AND number > $after AND number <= $to",
            ("$tier", (int)area.Tier), ("$cell", 0), ("$kind", 0), ("$shard", 0), ("$after", 0L), ("$to", area.ToBlock));
        while (next.ExecuteScalar() is long found && found <= area.Last)
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (var shard in shards)
            {
                blocks.Parameters[1].Value = found;
                blocks.Parameters[2].Value = (int)shard.Kind;
                blocks.Parameters[3].Value = shard.Number;
                blocks.Parameters[4].Value = Math.Max(area.AfterBlock, LastFolded(area, (int)found, shard, folded));
                using var row = blocks.ExecuteReader();
                while (row.Read())
                {
                    bodies.Show(shard.Kind, row.Blob(1), (int)found, area, into);
                }
            }

            next.Parameters[1].Value = found + 1;
        }
    }

    private static long LastFolded(CellArea area, int cell, Shard shard, Dictionary<(int Period, Shard Shard), long> folded) =>
        folded.Count == 0 ? 0 : folded.GetValueOrDefault((TierMath.PeriodOf(area.Tier, cell), shard));
}
