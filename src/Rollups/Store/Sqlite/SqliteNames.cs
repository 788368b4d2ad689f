using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Text.Json;
using Kpi.Rollups.Cells;
using Kpi.Rollups.Identity;
using Microsoft.Data.Sqlite;

namespace Kpi.Rollups.Store.Sqlite;

/// <summary>
/// The short numbers by which blocks name series and edge sets, as readers know them. What was learnt is remembered, at most
/// <see cref="MostRemembered"/>, then forgotten and read again.
/// </summary>
internal sealed class SqliteNames
{
    /// <summary>Series remembered, by readers and by the writer.</summary>
    public const int MostRemembered = 500_000;

    // Numbers remembered of series that readers asked for by name.
    private const int MostNumbers = 50_000;

    // Neighbours are mostly asked for together.
    private const int ReadAtOnce = 64;

    private readonly ConcurrentDictionary<(SeriesKind Kind, int Number), Series> series = new();
    private readonly ConcurrentDictionary<(SeriesKind Kind, SeriesId Id), int> numbers = new();
    private readonly ConcurrentDictionary<int, EdgeSet> edgeSets = new();
    private int forgotten;

    /// <summary>How often all was forgotten: what a view older than that tells is not to be remembered.</summary>
    public int Forgotten => Volatile.Read(ref forgotten);

    /// <summary>The series of a number.</summary>
    public Series Series(SqliteConnection connection, SeriesKind kind, int number)
    {
        if (series.TryGetValue((kind, number), out var known))
        {
            return known;
        }

        if (series.Count >= MostRemembered)
        {
            series.Clear();
        }

        var first = number / ReadAtOnce * ReadAtOnce;
        using var command = connection.Command(
            "SELECT kind, number, id, unit, labels FROM series WHERE kind = $kind AND number BETWEEN $first AND $last",
            ("$kind", (int)kind), ("$first", first), ("$last", first + ReadAtOnce - 1));
        using var row = command.ExecuteReader();
        while (row.Read())
        {
            series[(kind, row.GetInt32(1))] = SeriesOf(row);
        }

        return series.TryGetValue((kind, number), out var read)
            ? read
            : throw new InvalidDataException($"a block names {kind} {number}, which is not in the table");
    }

    /// <summary>The numbers of series; there is none of a series that never had a cell.</summary>
    /// <param name="asOf">What <see cref="Forgotten"/> was when the view was opened.</param>
    public List<(SeriesKind Kind, int Number)> Numbers(SqliteConnection connection, IReadOnlyCollection<Series> of, int asOf)
    {
        var found = new List<(SeriesKind, int)>(of.Count);
        using var find = connection.Command("SELECT number FROM series WHERE kind = $kind AND id = $id", ("$kind", 0), ("$id", Array.Empty<byte>()));
        foreach (var one in of)
        {
            if (!numbers.TryGetValue((one.Kind, one.Id), out var number))
            {
                find.Parameters[0].Value = (int)one.Kind;
                find.Parameters[1].Value = Bytes(one.Id);
                if (find.ExecuteScalar() is not long read)
                {
                    continue;
                }

                number = (int)read;
                Remember(one, number, asOf);
            }

            found.Add((one.Kind, number));
        }

        return found;
    }

    /// <summary>All series, in the order of their numbers.</summary>
    public static IEnumerable<Series> All(SqliteConnection connection)
    {
        using var command = connection.Command("SELECT kind, number, id, unit, labels FROM series");
        using var row = command.ExecuteReader();
        while (row.Read())
        {
            yield return SeriesOf(row);
        }
    }

    /// <summary>The edge set of a number.</summary>
    public EdgeSet EdgeSet(SqliteConnection connection, int number)
    {
        if (edgeSets.TryGetValue(number, out var known))
        {
            return known;
        }

        using var command = connection.Command("SELECT edges FROM edge_set WHERE number = $number", ("$number", number));
        var edges = command.ExecuteScalar() as string ?? throw new InvalidDataException($"a block names edge set {number}, which is not in the table");
        return edgeSets[number] = Cells.EdgeSet.Of(JsonSerializer.Deserialize<double[]>(edges)!);
    }

    /// <summary>Forgets: a commit was rolled back, or series were dropped.</summary>
    public void Forget()
    {
        lock (numbers)
        {
            forgotten++;
            numbers.Clear();
        }

        series.Clear();
        edgeSets.Clear();
    }

    /// <summary>An id as it is stored.</summary>
    public static byte[] Bytes(SeriesId id)
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, id.Value);
        return bytes;
    }

    // A series that was dropped and came again has another number, which older views do not know.
    private void Remember(Series of, int number, int asOf)
    {
        lock (numbers)
        {
            if (forgotten == asOf && numbers.Count < MostNumbers)
            {
                numbers[(of.Kind, of.Id)] = number;
            }
        }
    }

    private static Series SeriesOf(SqliteDataReader row) => new(
        new SeriesId(BinaryPrimitives.ReadUInt128BigEndian(row.Blob(2))),
        (SeriesKind)row.GetInt32(0),
        row.GetString(3),
        Labels.Of(JsonSerializer.Deserialize<Dictionary<string, string>>(row.GetString(4))!));
}
