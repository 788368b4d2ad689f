using System.Text.Json;
using Kpi.Rollups.Identity;
using Microsoft.Data.Sqlite;

namespace Kpi.Rollups.Store.Sqlite;

/// <summary>The statements of one commit that name series, prepared once: the first flush after a start asks for every series.</summary>
internal sealed class SeriesStatements(SqliteConnection connection) : IDisposable
{
    private readonly SqliteCommand find = connection.Command(
        "SELECT number, seen_day FROM series WHERE kind = $kind AND id = $id", ("$kind", 0), ("$id", Array.Empty<byte>()));

    private readonly SqliteCommand add = connection.Command(
        "INSERT INTO series(kind, number, id, unit, labels, seen_day) VALUES($kind, $number, $id, $unit, $labels, $day)",
        ("$kind", 0), ("$number", 0), ("$id", Array.Empty<byte>()), ("$unit", ""), ("$labels", ""), ("$day", 0));

    private readonly SqliteCommand see = connection.Command(
        "UPDATE series SET seen_day = $day WHERE kind = $kind AND number = $number", ("$day", 0), ("$kind", 0), ("$number", 0));

    public SqliteConnection Connection { get; } = connection;

    /// <summary>A series' number and the day it was noted as seen; null when it has none yet.</summary>
    public (int Number, int Day)? Find(SeriesKind kind, SeriesId id)
    {
        find.Parameters[0].Value = (int)kind;
        find.Parameters[1].Value = SqliteNames.Bytes(id);
        using var row = find.ExecuteReader();
        return row.Read() ? (row.GetInt32(0), row.GetInt32(1)) : null;
    }

    public void Add(SeriesKind kind, int number, Series series, int day)
    {
        object[] values = [(int)kind, number, SqliteNames.Bytes(series.Id), series.Unit, JsonSerializer.Serialize(series.Labels.ToDictionary()), day];
        for (var i = 0; i < values.Length; i++)
        {
            add.Parameters[i].Value = values[i];
        }

        add.ExecuteNonQuery();
    }

    public void See(SeriesKind kind, int number, int day)
    {
        see.Parameters[0].Value = day;
        see.Parameters[1].Value = (int)kind;
        see.Parameters[2].Value = number;
        see.ExecuteNonQuery();
    }

    public void Dispose()
    {
        find.Dispose();
        add.Dispose();
        see.Dispose();
    }
}
