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
    public int Number(SeriesStatements statements, SeriesKind kind, Series of, Slice slice)
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

        found = statements.Find(kind, of.Id) ?? Add(statements, kind, of, day);
        if (!IsSeen(found, day))
        {
            statements.See(kind, found.Number, day);
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

    /// <summary>Writes down, at a commit's end, how far numbers were given.</summary>
    public void Save(SqliteConnection connection)
    {
        foreach (var (kind, number) in last)
        {
            connection.Execute(
                "INSERT INTO numbering(what, last) VALUES($kind, $last) ON CONFLICT(what) DO UPDATE SET last = excluded.last WHERE last < excluded.last",
                ("$kind", kind.ToString()), ("$last", number));
        }
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

    private (int Number, int Day) Add(SeriesStatements statements, SeriesKind kind, Series of, int day)
    {
        if (!last.TryGetValue(kind, out var before))
        {
            before = (int)(statements.Connection.Number("SELECT last FROM numbering WHERE what = $kind", ("$kind", kind.ToString())) ?? -1);
        }

        last[kind] = before + 1;
        statements.Add(kind, before + 1, of, day);
        return (before + 1, day);
    }
}
