using Kpi.Rollups.Time;
using Microsoft.Data.Sqlite;

namespace Kpi.Rollups.Store.Sqlite;

/// <summary>Where a block belongs, and its bytes.</summary>
internal readonly record struct PreparedBlock(TimeTier Tier, int Cell, Shard Shard, byte[] Body);

/// <summary>The prepared statement of a transaction that writes blocks.</summary>
internal sealed class BlockInsert : IDisposable
{
    private readonly SqliteCommand command;

    public BlockInsert(SqliteConnection connection)
    {
        command = connection.Command(
            "INSERT INTO block(tier, cell, kind, shard, body) VALUES($tier, $cell, $kind, $shard, $body) RETURNING number",
            ("$tier", 0), ("$cell", 0), ("$kind", 0), ("$shard", 0));
        command.Parameters.Add("$body", SqliteType.Blob);
    }

    /// <returns>The block's number: higher than that of any block before it.</returns>
    public long Insert(PreparedBlock block)
    {
        command.Parameters[0].Value = (int)block.Tier;
        command.Parameters[1].Value = block.Cell;
        command.Parameters[2].Value = (int)block.Shard.Kind;
        command.Parameters[3].Value = block.Shard.Number;
        command.Parameters[4].Value = block.Body;
        return (long)command.ExecuteScalar()!;
    }

    public void Dispose() => command.Dispose();
}
