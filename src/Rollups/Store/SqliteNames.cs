using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Text.Json;
using Kpi.Rollups.Cells;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Time;
using Microsoft.Data.Sqlite;

namespace Kpi.Rollups.Store;

/// <summary>
/// The short numbers by which blocks name series and edge sets. Numbers are given inside the commit that first needs them;
/// what was learnt is remembered, at most <see cref="MostRemembered"/> of each, then forgotten and read again.
/// </summary>
internal sealed class SqliteNames
{
    private const int MostRemembered = 500_000;
    private const int SlicesPerDay = 8_640;

    private readonly Dictionary<SeriesId, (long Number, int Day)> seriesNumbers = [];
    private readonly ConcurrentDictionary<long, Series> series = new();
    private readonly ConcurrentDictionary<int, EdgeSet> edgeSets = new();

    /// <summary>The number of a series, for the one connection that writes; notes the day on which it was last seen.</summary>
    public long Number(SqliteConnection connection, Series of, Slice slice)
    {
        var day = slice.Number / SlicesPerDay;
        if (seriesNumbers.TryGetValue(of.Id, out var known) && known.Day >= day)
        {
            return known.Number;
        }

        using var command = connection.CreateCommand();
        command.CommandText = """
            INSERT INTO series(id, kind, unit, labels, seen_day) VALUES($id, $kind, $unit, $labels, $day)
            ON CONFLICT(id) DO UPDATE SET seen_day = max(seen_day, excluded.seen_day) RETURNING number
            """;
        command.Parameters.AddWithValue("$id", Bytes(of.Id));
        command.Parameters.AddWithValue("$kind", (int)of.Kind);
        command.Parameters.AddWithValue("$unit", of.Unit);
        command.Parameters.AddWithValue("$labels", JsonSerializer.Serialize(of.Labels.ToDictionary()));
        command.Parameters.AddWithValue("$day", day);
        var number = (long)command.ExecuteScalar()!;
        if (seriesNumbers.Count >= MostRemembered)
        {
            seriesNumbers.Clear();
        }

        seriesNumbers[of.Id] = (number, day);
        return number;
    }

    /// <summary>The number of an edge set, for the one connection that writes.</summary>
    public static int Number(SqliteConnection connection, EdgeSet of)
    {
        using var command = connection.CreateCommand();
        command.CommandText =
            "INSERT INTO edge_set(edges) VALUES($edges) ON CONFLICT(edges) DO UPDATE SET edges = edges RETURNING number";
        command.Parameters.AddWithValue("$edges", JsonSerializer.Serialize(of.Edges.ToArray()));
        return (int)(long)command.ExecuteScalar()!;
    }

    /// <summary>The series of a number.</summary>
    public Series Series(SqliteConnection connection, long number)
    {
        if (series.TryGetValue(number, out var known))
        {
            return known;
        }

        using var command = connection.CreateCommand();
        command.CommandText = "SELECT kind, unit, labels FROM series WHERE number = $number";
        command.Parameters.AddWithValue("$number", number);
        using var row = command.ExecuteReader();
        if (!row.Read())
        {
            throw new InvalidDataException($"a block names series {number}, which is not in the table");
        }

        var labels = JsonSerializer.Deserialize<Dictionary<string, string>>(row.GetString(2))!;
        var read = Identity.Series.Of((SeriesKind)row.GetInt32(0), row.GetString(1), Labels.Of(labels));
        if (series.Count >= MostRemembered)
        {
            series.Clear();
        }

        series[number] = read;
        return read;
    }

    /// <summary>The edge set of a number.</summary>
    public EdgeSet EdgeSet(SqliteConnection connection, int number)
    {
        if (edgeSets.TryGetValue(number, out var known))
        {
            return known;
        }

        using var command = connection.CreateCommand();
        command.CommandText = "SELECT edges FROM edge_set WHERE number = $number";
        command.Parameters.AddWithValue("$number", number);
        var edges = command.ExecuteScalar() as string ?? throw new InvalidDataException($"a block names edge set {number}, which is not in the table");
        return edgeSets[number] = Cells.EdgeSet.Of(JsonSerializer.Deserialize<double[]>(edges)!);
    }

    /// <summary>Forgets the numbers given out: a commit was rolled back, or series were dropped.</summary>
    public void Forget()
    {
        seriesNumbers.Clear();
        series.Clear();
        edgeSets.Clear();
    }

    /// <summary>The day number that a series must have been seen on to have cells at or after a slice.</summary>
    public static int DayOf(Slice slice) => slice.Number / SlicesPerDay;

    private static byte[] Bytes(SeriesId id)
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, id.Value);
        return bytes;
    }
}
