using Kpi.SamplePlatform.Sharding.Schema;
using Npgsql;

namespace Kpi.SamplePlatform.Sharding.Moves;

/// <summary>Gives a new shard its share of the buckets while the shop is open. Cut short, it is simply run again.</summary>
internal sealed class ShardAddition(PlatformConnections connections, PlatformSchema schema, TimeProvider clock)
{
    /// <summary>Of the catalogue's advisory locks: one process moves at a time, and its end, however it ends, lets the next one.</summary>
    private const long OneAtATime = 7219;

    private readonly NpgsqlDataSource catalogue = connections.Mover(PlatformConnections.CatalogueServer);

    /// <summary>
    /// Ends moves that were cut short, then moves what the new shard's share lacks, one bucket after the other. When a move fails it is
    /// undone and the failure thrown; what was moved before stays where it is.
    /// </summary>
    /// <param name="name">A server that runs; tables are made, and the catalogue told, if that has not been done.</param>
    /// <exception cref="InvalidOperationException">Somebody else is moving, or a copy was not equal.</exception>
    public async Task<AdditionReport> RunAsync(string name, CancellationToken cancellation)
    {
        var alone = await LockAsync(cancellation).ConfigureAwait(false);
        await using var _ = alone.ConfigureAwait(false);
        await schema.CreateShardAsync(name, cancellation).ConfigureAwait(false);
        var target = connections.Shard(await NumberAsync(name, cancellation).ConfigureAwait(false), name);
        var (finished, undone) = await EndOpenMovesAsync(cancellation).ConfigureAwait(false);
        var routes = await new Catalogue(connections).ReadRoutesAsync(cancellation).ConfigureAwait(false);
        var moved = new List<MovedBucket>();
        foreach (var route in MovePlan.Fill(new DirectorySnapshot(1, routes), target.Id))
        {
            moved.Add(await MoveAsync(route, target, cancellation).ConfigureAwait(false));
        }

        return new AdditionReport(moved, finished, undone);
    }

    /// <summary>Ends all moves that were cut short, and moves nothing.</summary>
    public async Task<AdditionReport> EndOpenAsync(CancellationToken cancellation)
    {
        var alone = await LockAsync(cancellation).ConfigureAwait(false);
        await using var _ = alone.ConfigureAwait(false);
        var (finished, undone) = await EndOpenMovesAsync(cancellation).ConfigureAwait(false);
        return new AdditionReport([], finished, undone);
    }

    private async Task<(int Finished, int Undone)> EndOpenMovesAsync(CancellationToken cancellation)
    {
        var (finished, undone) = (0, 0);
        foreach (var entry in await new MoveJournal(catalogue).ReadOpenAsync(cancellation).ConfigureAwait(false))
        {
            var done = await new ShardMove(entry, connections, clock).EndAsync(cancellation).ConfigureAwait(false);
            (finished, undone) = done ? (finished + 1, undone) : (finished, undone + 1);
        }

        return (finished, undone);
    }

    private async Task<MovedBucket> MoveAsync(Route route, Shard target, CancellationToken cancellation)
    {
        var entry = await new MoveJournal(catalogue).BeginAsync(route, target, cancellation).ConfigureAwait(false);
        var move = new ShardMove(entry, connections, clock);
        try
        {
            await move.RunAsync(MoveStep.End, cancellation).ConfigureAwait(false);
        }
        catch
        {
            await EndQuietlyAsync(move).ConfigureAwait(false);
            throw;
        }

        return new MovedBucket(route.Bucket, route.Shard.Name, move.Rows, move.Fence);
    }

    /// <summary>The move has failed already and says why. If it cannot even be ended now, its journal row waits for the next run.</summary>
    private static async Task EndQuietlyAsync(ShardMove move)
    {
        try
        {
            await move.EndAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (NpgsqlException)
        {
        }
    }

    private async Task<int> NumberAsync(string name, CancellationToken cancellation)
    {
        var batch = catalogue.CreateBatch();
        await using var _ = batch.ConfigureAwait(false);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            "insert into catalogue.shard (shard_id, name) select max(shard_id) + 1, $1 from catalogue.shard on conflict (name) do nothing")
        {
            Parameters = { new NpgsqlParameter<string> { TypedValue = name } },
        });
        batch.BatchCommands.Add(new NpgsqlBatchCommand("select shard_id from catalogue.shard where name = $1")
        {
            Parameters = { new NpgsqlParameter<string> { TypedValue = name } },
        });
        return (int)(await batch.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!;
    }

    private async Task<NpgsqlConnection> LockAsync(CancellationToken cancellation)
    {
        // Not from the pool, which would keep the connection, and with it the lock, after the end.
        var settings = new NpgsqlConnectionStringBuilder(connections.MoverString(PlatformConnections.CatalogueServer)) { Pooling = false };
        var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync(cancellation).ConfigureAwait(false);
        var command = new NpgsqlCommand("select pg_try_advisory_lock($1)", connection)
        {
            Parameters = { new NpgsqlParameter<long> { TypedValue = OneAtATime } },
        };
        await using var _ = command.ConfigureAwait(false);
        if (await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false) is true)
        {
            return connection;
        }

        await connection.DisposeAsync().ConfigureAwait(false);
        throw new InvalidOperationException("another process is moving buckets");
    }
}
