using Kpi.Rollups.Store.Migration;
using Microsoft.Data.Sqlite;

namespace Kpi.Rollups.Store.Sqlite;

/// <summary>Tables of <c>rollups.db</c>, and its format version.</summary>
internal static class SqliteSchema
{
    /// <summary>The format that this program writes. A file of a later one is refused; earlier ones migrate forward.</summary>
    public const int FormatVersion = 2;

    /// <summary>What <c>file</c> and other tools tell the file by: "KPIr".</summary>
    public const int ApplicationId = 0x4B504972;

    // Blocks lie in the order they came in, so that a flush writes at one place; an index finds them by time. AUTOINCREMENT: the
    // number of a deleted block goes to no other, as folds tell by it what they contain. A writer's flushes come in order and
    // without gaps, so the last one says all about which are in. Numbers of series are given once (table numbering): a reader under
    // way still knows a dropped one by its number.
    private const string Tables = """
        CREATE TABLE series(
            kind INTEGER NOT NULL, number INTEGER NOT NULL, id BLOB NOT NULL, unit TEXT NOT NULL, labels TEXT NOT NULL,
            seen_day INTEGER NOT NULL, PRIMARY KEY(kind, number)) WITHOUT ROWID;
        CREATE UNIQUE INDEX series_by_id ON series(kind, id);
        CREATE TABLE edge_set(number INTEGER PRIMARY KEY, edges TEXT NOT NULL UNIQUE);
        CREATE TABLE numbering(what TEXT PRIMARY KEY, last INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE writer(
            number INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, last_flush INTEGER NOT NULL, position INTEGER NOT NULL);
        CREATE TABLE tier(number INTEGER PRIMARY KEY, rolled_to INTEGER NOT NULL, dropped_to INTEGER NOT NULL);
        CREATE TABLE block(
            number INTEGER PRIMARY KEY AUTOINCREMENT, tier INTEGER NOT NULL, cell INTEGER NOT NULL, kind INTEGER NOT NULL,
            shard INTEGER NOT NULL, body BLOB NOT NULL);
        CREATE INDEX block_by_time ON block(tier, cell, kind, shard);
        CREATE TABLE fold(
            tier INTEGER NOT NULL, period INTEGER NOT NULL, kind INTEGER NOT NULL, shard INTEGER NOT NULL, last_block INTEGER NOT NULL,
            PRIMARY KEY(tier, period, kind, shard)) WITHOUT ROWID;
        CREATE TABLE tile(
            number INTEGER PRIMARY KEY, tier INTEGER NOT NULL, period INTEGER NOT NULL, kind INTEGER NOT NULL,
            series_group INTEGER NOT NULL, body BLOB NOT NULL);
        CREATE INDEX tile_by_time ON tile(tier, period, kind, series_group);
        CREATE TABLE source(
            number INTEGER PRIMARY KEY, name TEXT NOT NULL, namespace TEXT NOT NULL, environment TEXT NOT NULL, instance TEXT NOT NULL,
            UNIQUE(name, namespace, environment, instance));
        CREATE TABLE watched(
            mask INTEGER NOT NULL, owner INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
            PRIMARY KEY(mask, owner, first)) WITHOUT ROWID;
        """;

    /// <summary>Opens for writing: write-ahead log, every commit fsynced, tables there, in the present format.</summary>
    /// <exception cref="InvalidDataException">The file was written by a later version, or by another program.</exception>
    public static void Prepare(SqliteConnection connection)
    {
        var version = connection.Number("PRAGMA user_version");
        if (version > FormatVersion)
        {
            throw new InvalidDataException($"{connection.DataSource} has format {version}; this program knows formats up to {FormatVersion}");
        }

        if (connection.Number("PRAGMA application_id") is not 0 and not ApplicationId)
        {
            throw new InvalidDataException($"{connection.DataSource} belongs to another program");
        }

        connection.Execute("PRAGMA page_size=16384; PRAGMA auto_vacuum=INCREMENTAL; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;");
        if (version == 0)
        {
            connection.Execute($"BEGIN IMMEDIATE; {Tables} {Stamp} COMMIT;");
        }
        else if (version == 1)
        {
            FormatOne.Migrate(connection, Tables, Stamp);
        }
    }

    private static string Stamp => $"PRAGMA user_version={FormatVersion}; PRAGMA application_id={ApplicationId};";
}
