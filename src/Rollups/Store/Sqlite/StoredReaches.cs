using Kpi.Rollups.Store.Tiers;
using Kpi.Rollups.Time;
using Microsoft.Data.Sqlite;

namespace Kpi.Rollups.Store.Sqlite;

/// <summary>The reaches of the tiers as a table.</summary>
internal static class StoredReaches
{
    private const string DropCount = "drops";

    public static TierReaches Read(SqliteConnection connection)
    {
        var reaches = TierReaches.None;
        using var command = connection.Command("SELECT number, rolled_to, dropped_to FROM tier");
        using var row = command.ExecuteReader();
        while (row.Read())
        {
            reaches = reaches.With(new TierReach((TimeTier)row.GetInt32(0), row.GetInt32(1), row.GetInt32(2)));
        }

        return reaches;
    }

    /// <summary>Writes a tier's reach; when it drops something, that is counted.</summary>
    public static void Write(SqliteConnection connection, TierReach reach)
    {
        connection.Execute(
            """
            INSERT INTO numbering(what, last) SELECT $drops, 1 WHERE $dropped > ifnull((SELECT dropped_to FROM tier WHERE number = $tier), 0)
            ON CONFLICT(what) DO UPDATE SET last = last + 1;
            INSERT INTO tier(number, rolled_to, dropped_to) VALUES($tier, $rolled, $dropped)
            ON CONFLICT(number) DO UPDATE SET rolled_to = excluded.rolled_to, dropped_to = excluded.dropped_to;
            """,
            ("$drops", DropCount), ("$tier", (int)reach.Tier), ("$rolled", reach.RolledTo), ("$dropped", reach.DroppedTo));
    }

    public static long Drops(SqliteConnection connection) =>
        connection.Number("SELECT last FROM numbering WHERE what = $drops", ("$drops", DropCount)) ?? 0;
}
