using Kpi.Rollups.Store.Sqlite;
using Kpi.Rollups.Store.Tiers;
using Kpi.Rollups.Time;
using Microsoft.Data.Sqlite;

namespace Kpi.Rollups.Store.Upkeep;

/// <summary>What a step of upkeep sees: the store at one moment, and the present.</summary>
/// <param name="Read">A read transaction, beside which commits go on.</param>
/// <param name="Names">Edge sets by number.</param>
/// <param name="Reaches">Reaches of the tiers; nobody but upkeep changes them.</param>
/// <param name="Now">The slice of the present.</param>
/// <param name="Cancellation">Ends the preparation; what is being written is written to its end.</param>
internal sealed record UpkeepView(SqliteConnection Read, SqliteNames Names, TierReaches Reaches, Slice Now, CancellationToken Cancellation)
{
    /// <summary>The last block there is: what comes later has a higher number.</summary>
    public long LastBlock => Read.Number("SELECT seq FROM sqlite_sequence WHERE name = 'block'") ?? 0;

    /// <summary>The first cell of a tier at or after one; null when there is none.</summary>
    public int? FirstCell(TimeTier tier, int from)
    {
        var block = Read.Number("SELECT min(cell) FROM block WHERE tier = $tier AND cell >= $from", ("$tier", (int)tier), ("$from", from));
        if (tier == CellArea.Late)
        {
            return (int?)block;
        }

        var period = Read.Number(
            "SELECT min(period) FROM tile WHERE tier = $tier AND period >= $from", ("$tier", (int)tier), ("$from", TierMath.PeriodOf(tier, from)));
        long? tile = period is { } found ? Math.Max(from, TierMath.FirstCellOf(tier, (int)found)) : null;
        return (int?)(block is null || tile < block ? tile : block);
    }

    /// <summary>Shards that have cells in a stretch of a tier.</summary>
    public IReadOnlyList<Shard> Shards(TimeTier tier, int first, int last)
    {
        var found = new HashSet<Shard>();
        using var blocks = Read.Command(
            "SELECT DISTINCT kind, shard FROM block WHERE tier = $tier AND cell BETWEEN $first AND $last",
            ("$tier", (int)tier), ("$first", first), ("$last", last));
        using var tiles = Read.Command(
            "SELECT kind, shard FROM fold WHERE tier = $tier AND period BETWEEN $first AND $last",
            ("$tier", (int)tier), ("$first", TierMath.PeriodOf(tier, first)), ("$last", TierMath.PeriodOf(tier, last)));
        foreach (var command in (SqliteCommand[])[blocks, tiles])
        {
            using var row = command.ExecuteReader();
            while (row.Read())
            {
                found.Add(new Shard((Identity.SeriesKind)row.GetInt32(0), row.GetInt32(1)));
            }
        }

        return [.. found.OrderBy(s => s.Kind).ThenBy(s => s.Number)];
    }
}

/// <summary>A kind of upkeep, in bounded steps.</summary>
internal interface IUpkeepStep
{
    /// <summary>
    /// Does the work of one step beside commits and returns what is left to write, to be run in a transaction of its own; null when
    /// there is nothing to do.
    /// </summary>
    Action<SqliteConnection>? Prepare(UpkeepView view);
}
