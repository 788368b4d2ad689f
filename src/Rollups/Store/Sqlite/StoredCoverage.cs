using Kpi.Rollups.Coverage;
using Kpi.Rollups.Time;
using Microsoft.Data.Sqlite;

namespace Kpi.Rollups.Store.Sqlite;

/// <summary>The masks as a table of ranges, merged as they come.</summary>
internal static class StoredCoverage
{
    // Masks by number; they are stored, never renumber. The owner of the first two is a writer, of the third a source.
    private const int Up = 1;
    private const int Missed = 2;
    private const int Heard = 3;

    public static void Add(SqliteConnection connection, long writer, CoverageIncrement added)
    {
        foreach (var range in added.Up)
        {
            Add(connection, Up, writer, range, reach: 1);
        }

        foreach (var range in added.Missed)
        {
            Add(connection, Missed, writer, range, reach: 1);
        }

        foreach (var (source, slices) in added.Heard)
        {
            Add(connection, Heard, NumberOf(connection, source), slices, added.Reach);
        }
    }

    public static CoverageIncrement Read(SqliteConnection connection, Guid writer)
    {
        var owner = connection.Number("SELECT number FROM writer WHERE id = $id", ("$id", writer.ToByteArray())) ?? -1;
        var heard = new List<HeardSlices>();
        using var command = connection.Command(
            """
            SELECT first, last, name, namespace, environment, instance FROM watched JOIN source ON source.number = owner
            WHERE mask = $heard ORDER BY owner, first
            """,
            ("$heard", Heard));
        using var row = command.ExecuteReader();
        SourceIdentity? source = null;
        while (row.Read())
        {
            var read = new SourceIdentity(row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5));
            source = read == source ? source : read;
            heard.Add(new HeardSlices(source, new SliceRange(new Slice(row.GetInt32(0)), new Slice(row.GetInt32(1)))));
        }

        return new CoverageIncrement(Ranges(connection, Up, owner), Ranges(connection, Missed, owner), heard, 1);
    }

    /// <summary>Whether something ends before a slice.</summary>
    public static bool AnyBefore(SqliteConnection connection, int slice) =>
        connection.Number("SELECT 1 FROM watched WHERE last < $slice LIMIT 1", ("$slice", slice)) is not null;

    /// <summary>Forgets ranges that end before a slice, and sources of which none is left.</summary>
    public static void DropBefore(SqliteConnection connection, int slice) => connection.Execute(
        """
        DELETE FROM watched WHERE last < $slice;
        DELETE FROM source WHERE NOT EXISTS (SELECT 1 FROM watched WHERE mask = $heard AND owner = source.number);
        """,
        ("$slice", slice), ("$heard", Heard));

    private static void Add(SqliteConnection connection, int mask, long owner, SliceRange range, int reach)
    {
        var joined = Joined(connection, mask, owner, range, reach);
        connection.Execute(
            """
            DELETE FROM watched WHERE mask = $mask AND owner = $owner AND first BETWEEN $first AND $last;
            INSERT INTO watched(mask, owner, first, last) VALUES($mask, $owner, $first, $last);
            """,
            ("$mask", mask), ("$owner", owner), ("$first", joined.First.Number), ("$last", joined.Last.Number));
    }

    // Backwards from the newest that may touch it: ranges lie apart, so the first that does not ends the search.
    private static SliceRange Joined(SqliteConnection connection, int mask, long owner, SliceRange range, int reach)
    {
        var (first, last) = (range.First.Number, range.Last.Number);
        using var command = connection.Command(
            "SELECT first, last FROM watched WHERE mask = $mask AND owner = $owner AND first <= $to ORDER BY first DESC",
            ("$mask", mask), ("$owner", owner), ("$to", last + reach));
        using var row = command.ExecuteReader();
        while (row.Read() && row.GetInt32(1) >= first - reach)
        {
            last = Math.Max(last, row.GetInt32(1));
            first = Math.Min(first, row.GetInt32(0));
        }

        return new SliceRange(new Slice(first), new Slice(last));
    }

    private static long NumberOf(SqliteConnection connection, SourceIdentity source) => connection.Number(
        """
        INSERT INTO source(name, namespace, environment, instance) VALUES($name, $namespace, $environment, $instance)
        ON CONFLICT DO UPDATE SET name = excluded.name RETURNING number
        """,
        ("$name", source.Name), ("$namespace", source.Namespace), ("$environment", source.Environment), ("$instance", source.Instance))!.Value;

    private static List<SliceRange> Ranges(SqliteConnection connection, int mask, long owner)
    {
        var ranges = new List<SliceRange>();
        using var command = connection.Command(
            "SELECT first, last FROM watched WHERE mask = $mask AND owner = $owner ORDER BY first", ("$mask", mask), ("$owner", owner));
        using var row = command.ExecuteReader();
        while (row.Read())
        {
            ranges.Add(new SliceRange(new Slice(row.GetInt32(0)), new Slice(row.GetInt32(1))));
        }

        return ranges;
    }
}
