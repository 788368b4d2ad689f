using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Kpi.Rollups.Store.Sqlite;

/// <summary>Short forms for statements.</summary>
internal static class SqliteExtensions
{
    /// <summary>A statement with its parameters, prepared when first run; inside the connection's transaction if there is one.</summary>
    public static SqliteCommand Command(this SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        return command;
    }

    public static int Execute(this SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = connection.Command(sql, parameters);
        return command.ExecuteNonQuery();
    }

    /// <summary>The one number that a statement gives; null for none or NULL.</summary>
    public static long? Number(this SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = connection.Command(sql, parameters);
        return command.ExecuteScalar() as long?;
    }

    /// <summary>A column's bytes where SQLite has them; valid until the row is left.</summary>
    public static ReadOnlySpan<byte> Blob(this SqliteDataReader row, int column) => raw.sqlite3_column_blob(row.Handle, column);
}
