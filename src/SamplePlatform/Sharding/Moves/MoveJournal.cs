using System.Data;
using Npgsql;

namespace Kpi.SamplePlatform.Sharding.Moves;

/// <summary>The catalogue's rows about moves, and the directory row that a move changes. The commit point is here.</summary>
internal sealed class MoveJournal(NpgsqlDataSource catalogue)
{
    /// <exception cref="InvalidOperationException">The directory says otherwise by now.</exception>
    /// <exception cref="PostgresException">A move of this bucket has not ended.</exception>
    public async Task<MoveEntry> BeginAsync(Route route, Shard target, CancellationToken cancellation)
    {
        var id = await ScalarAsync(
            """
            insert into catalogue.bucket_move (bucket, source_id, target_id, epoch, state)
            select bucket, shard_id, $4, epoch, 'begun' from catalogue.bucket where bucket = $1 and shard_id = $2 and epoch = $3
            returning move_id
            """,
            cancellation,
            route.Bucket,
            route.Shard.Id,
            route.Epoch,
            target.Id).ConfigureAwait(false);
        return id is long move
            ? new MoveEntry(move, route.Bucket, route.Shard.Name, target.Name, route.Epoch)
            : throw new InvalidOperationException($"bucket {route.Bucket} is no longer on {route.Shard.Name} under epoch {route.Epoch}");
    }

    /// <summary>Moves that have not ended, oldest first.</summary>
    public async Task<IReadOnlyList<MoveEntry>> ReadOpenAsync(CancellationToken cancellation)
    {
        const string Sql =
            """
            select m.move_id, m.bucket, s.name, t.name, m.epoch
            from catalogue.bucket_move m
            join catalogue.shard s on s.shard_id = m.source_id join catalogue.shard t on t.shard_id = m.target_id
            where m.ended is null
            order by m.move_id
            """;
        var command = catalogue.CreateCommand(Sql);
        await using var _ = command.ConfigureAwait(false);
        var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using var __ = reader.ConfigureAwait(false);
        var open = new List<MoveEntry>();
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            open.Add(new MoveEntry(reader.GetInt64(0), reader.GetInt32(1), reader.GetString(2), reader.GetString(3), reader.GetInt32(4)));
        }

        return open;
    }

    /// <summary>The commit point. Fails, and nothing is changed, unless the move is begun and the directory as it was then.</summary>
    public async Task CommitAsync(MoveEntry move, CancellationToken cancellation)
    {
        var connection = await catalogue.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        await using var _ = connection.ConfigureAwait(false);
        var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellation).ConfigureAwait(false);
        await using var __ = transaction.ConfigureAwait(false);
        var command = new NpgsqlCommand(
            """
            with m as (
                update catalogue.bucket_move set state = 'committed' where move_id = $1 and state = 'begun'
                returning bucket, epoch, target_id)
            update catalogue.bucket b set shard_id = m.target_id, epoch = b.epoch + 1 from m where b.bucket = m.bucket and b.epoch = m.epoch
            """,
            connection)
        {
            Parameters = { new NpgsqlParameter<long> { TypedValue = move.Id } },
        };
        await using var ___ = command.ConfigureAwait(false);
        if (await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false) != 1)
        {
            throw new InvalidOperationException($"the move of bucket {move.Bucket} has been given up by somebody else");
        }

        await transaction.CommitAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>From here on it cannot commit. False when it has.</summary>
    public async Task<bool> GiveUpAsync(MoveEntry move, CancellationToken cancellation) => await ScalarAsync(
        "update catalogue.bucket_move set state = 'aborting' where move_id = $1 and state in ('begun', 'aborting') returning move_id",
        cancellation,
        move.Id).ConfigureAwait(false) is long;

    public Task EndAsync(MoveEntry move, CancellationToken cancellation) => ScalarAsync(
        """
        update catalogue.bucket_move set state = case state when 'committed' then 'done' else 'aborted' end, ended = now()
        where move_id = $1 and ended is null
        """,
        cancellation,
        move.Id);

    private async Task<object?> ScalarAsync(string sql, CancellationToken cancellation, params object[] values)
    {
        var command = catalogue.CreateCommand(sql);
        await using var _ = command.ConfigureAwait(false);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false);
    }
}
