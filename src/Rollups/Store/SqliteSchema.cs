using Microsoft.Data.Sqlite;

namespace Kpi.Rollups.Store;

/// <summary>Tables of <c>rollups.db</c>, and its format version.</summary>
internal static class SqliteSchema
{
    /// <summary>The format that this program writes. A file of a later one is refused; earlier ones will migrate forward.</summary>
    public const int FormatVersion = 1;

    // Blocks are keyed by time first, because flushes write and windows read in time order. A writer's flushes come in order and
    // without gaps, so the last one says all about which are in.
    // AUTOINCREMENT: the number of a dropped series goes to no other, as a reader under way still knows it by that number.
    private const string Tables = """
        CREATE TABLE IF NOT EXISTS series(
            number INTEGER PRIMARY KEY AUTOINCREMENT, id BLOB NOT NULL UNIQUE, kind INTEGER NOT NULL, unit TEXT NOT NULL,
            labels TEXT NOT NULL, seen_day INTEGER NOT NULL);
        CREATE TABLE IF NOT EXISTS edge_set(number INTEGER PRIMARY KEY, edges TEXT NOT NULL UNIQUE);
        CREATE TABLE IF NOT EXISTS writer(
            number INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, last_flush INTEGER NOT NULL, position INTEGER NOT NULL);
        CREATE TABLE IF NOT EXISTS block(
            tier INTEGER NOT NULL, slice INTEGER NOT NULL, kind INTEGER NOT NULL, writer INTEGER NOT NULL, flush INTEGER NOT NULL,
            part INTEGER NOT NULL, body BLOB NOT NULL,
            PRIMARY KEY(tier, slice, kind, writer, flush, part)) WITHOUT ROWID;
        """;

    /// <summary>Opens for writing: write-ahead log, every commit fsynced, tables there.</summary>
    /// <exception cref="InvalidDataException">The file was written by a later version.</exception>
    public static void Prepare(SqliteConnection connection)
    {
        var version = Convert.ToInt32(Scalar(connection, "PRAGMA user_version"), null);
        if (version > FormatVersion)
        {
            throw new InvalidDataException($"{connection.DataSource} has format {version}; this program knows formats up to {FormatVersion}");
        }

        Execute(connection, "PRAGMA page_size=16384; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;");
        Execute(connection, $"BEGIN; {Tables} PRAGMA user_version={FormatVersion}; COMMIT;");
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static object? Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
