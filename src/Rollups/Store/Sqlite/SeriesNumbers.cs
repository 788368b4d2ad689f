using System.Text.Json;
using Kpi.Rollups.Cells;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Time;
using Microsoft.Data.Sqlite;

namespace Kpi.Rollups.Store.Sqlite;

/// <summary>
/// Gives numbers to series and edge sets, inside the commit that first needs them; for the one connection that writes. Each kind counts
/// for itself, so that series which come together lie together.
/// </summary>
internal sealed class SeriesNumbers
{
    /// <summary>Days by which the day of last sight may lag behind, so that not every series is written anew at midnight.</summary>
    public const int SightLag = 32;

    private const int SlicesPerDay = 8_640;

    private readonly Dictionary<(SeriesKind Kind, SeriesId Id), (int Number, int Day)> known = [];
    private readonly Dictionary<EdgeSet, int> edgeNumbers = [];
    private readonly Dictionary<SeriesKind, int> last = [];

    /// <summary>The number of a series among those of a kind; notes, now and then, the day of its newest slice.</summary>
    public int Number(SqliteConnection connection, SeriesKind kind, Series of, Slice slice)
    {
        var day = slice.Number / SlicesPerDay;
        if (known.TryGetValue((kind, of.Id), out var found) && IsSeen(found, day))
        {
            return found.Number;
        }

        if (known.Count >= SqliteNames.MostRemembered)
        {
            known.Clear();
        }

        found = Find(connection, kind, of.Id) ?? Add(connection, kind, of, day);
        if (!IsSeen(found, day))
        {
            connection.Execute(
                "UPDATE series SET seen_day = $day WHERE kind = $kind AND number = $number",
                ("$day", day), ("$kind", (int)kind), ("$number", found.Number));
            found = found with { Day = day };
        }

        known[(kind, of.Id)] = found;
        return found.Number;
    }

    public int Number(SqliteConnection connection, EdgeSet of)
    {
        if (!edgeNumbers.TryGetValue(of, out var number))
        {
            number = (int)connection.Number(
                "INSERT INTO edge_set(edges) VALUES($edges) ON CONFLICT(edges) DO UPDATE SET edges = edges RETURNING number",
                ("$edges", JsonSerializer.Serialize(of.Edges.ToArray())))!.Value;
            edgeNumbers[of] = number;
        }

        return number;
    }

    /// <summary>Forgets the numbers given out: a commit was rolled back, or series were dropped.</summary>
    public void Forget()
    {
        known.Clear();
        edgeNumbers.Clear();
        last.Clear();
    }

    // Spread by number, so that the series of a platform are not all written again on the same day.
    private static bool IsSeen((int Number, int Day) found, int day) => day - found.Day <= (SightLag / 2) + (found.Number % (SightLag / 2));

    private static (int Number, int Day)? Find(SqliteConnection connection, SeriesKind kind, SeriesId id)
    {
        using var command = connection.Command(
            "SELECT number, seen_day FROM series WHERE kind = $kind AND id = $id", ("$kind", (int)kind), ("$id", SqliteNames.Bytes(id)));
        using var row = command.ExecuteReader();
        return row.Read() ? (row.GetInt32(0), row.GetInt32(1)) : null;
    }

    private (int Number, int Day) Add(SqliteConnection connection, SeriesKind kind, Series of, int day)
    {
        if (!last.TryGetValue(kind, out var before))
        {
            before = (int)(connection.Number("SELECT last FROM numbering WHERE what = $kind", ("$kind", kind.ToString())) ?? -1);
        }

        var number = last[kind] = before + 1;
        connection.Execute(
            """
            INSERT INTO series(kind, number, id, unit, labels, seen_day) VALUES($kind, $number, $id, $unit, $labels, $day);
            INSERT INTO numbering(what, last) VALUES($name, $number) ON CONFLICT(what) DO UPDATE SET last = excluded.last;
            """,
            ("$kind", (int)kind), ("$number", number), ("$id", SqliteNames.Bytes(of.Id)), ("$unit", of.Unit),
            ("$labels", JsonSerializer.Serialize(of.Labels.ToDictionary())), ("$day", day), ("$name", kind.ToString()));
        return (number, day);
    }
}
