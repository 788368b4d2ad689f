using Kpi.Rollups.Identity;
using Kpi.Rollups.Store.Blocks;
using Kpi.Rollups.Time;
using Microsoft.Data.Sqlite;

namespace Kpi.Rollups.Store;

/// <summary>The one prepared statement of a commit that writes blocks.</summary>
internal sealed class SqliteBlockInsert : IDisposable
{
    private readonly SqliteCommand command;
    private int part;

    public SqliteBlockInsert(SqliteConnection connection, SqliteTransaction transaction, long writer, long flush)
    {
        command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = """
            INSERT INTO block(tier, slice, kind, writer, flush, part, body)
            VALUES($tier, $slice, $kind, $writer, $flush, $part, $body)
            """;
        command.Parameters.AddWithValue("$tier", BlockFormat.TierOfSlices);
        command.Parameters.AddWithValue("$writer", writer);
        command.Parameters.AddWithValue("$flush", flush);
        foreach (var name in (string[])["$slice", "$kind", "$part"])
        {
            command.Parameters.Add(name, SqliteType.Integer);
        }

        command.Parameters.Add("$body", SqliteType.Blob);
    }

    public void Insert(Slice slice, SeriesKind kind, ReadOnlySpan<byte> body)
    {
        command.Parameters["$slice"].Value = slice.Number;
        command.Parameters["$kind"].Value = (int)kind;
        command.Parameters["$part"].Value = part++;
        command.Parameters["$body"].Value = body.ToArray();
        command.ExecuteNonQuery();
    }

    public void Dispose() => command.Dispose();
}
