using Npgsql;

namespace Kpi.SamplePlatform.Sharding.Moves;

/// <summary>One bucket on its way to another shard: a saga, whose journal row has been written before it begins.</summary>
/// <remarks>The fence lasts as long as the copy of one bucket: there is no copying ahead and catching up.</remarks>
internal sealed class ShardMove(MoveEntry entry, PlatformConnections connections, TimeProvider clock)
{
    private readonly MoveJournal journal = new(connections.Mover(PlatformConnections.CatalogueServer));
    private readonly NpgsqlDataSource source = connections.Mover(entry.Source);
    private readonly NpgsqlDataSource target = connections.Mover(entry.Target);
    private IReadOnlyList<TableColumns> tables = [];
    private long fenceBegan;

    /// <summary>Rows moved, all tables; known after <see cref="MoveStep.Compare"/>.</summary>
    public long Rows { get; private set; }

    /// <summary>
    /// From the wait for whoever was in the bucket until the directory names its new shard; known after <see cref="MoveStep.Commit"/>.
    /// </summary>
    public TimeSpan Fence { get; private set; }

    /// <summary>Does all steps up to and with <paramref name="last"/>. When one fails, <see cref="EndAsync"/> ends the move.</summary>
    public async Task RunAsync(MoveStep last, CancellationToken cancellation)
    {
        for (var step = MoveStep.Prepare; step <= last; step++)
        {
            await DoAsync(step, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Ends a move that was cut short, wherever that was: undoes it, or finishes it when it has been committed. Can be repeated.
    /// True when it was finished.
    /// </summary>
    public async Task<bool> EndAsync(CancellationToken cancellation)
    {
        var undo = await journal.GiveUpAsync(entry, cancellation).ConfigureAwait(false);
        if (undo)
        {
            // The source first: its tenants wait. The target's copy is seen by nobody, whatever its state.
            await CallAsync(source, "shop.open_bucket", entry.Epoch, cancellation).ConfigureAwait(false);
            await CallAsync(target, "shop.drop_bucket", entry.Epoch + 1, cancellation).ConfigureAwait(false);
            await journal.EndAsync(entry, cancellation).ConfigureAwait(false);
        }
        else
        {
            await DoAsync(MoveStep.Clean, cancellation).ConfigureAwait(false);
            await DoAsync(MoveStep.End, cancellation).ConfigureAwait(false);
        }

        return !undo;
    }

    private Task DoAsync(MoveStep step, CancellationToken cancellation) => step switch
    {
        MoveStep.Prepare => PrepareAsync(cancellation),
        MoveStep.Fence => FenceAsync(cancellation),
        MoveStep.Copy => new BucketRows(entry.Bucket, source).CopyAsync(tables, target, cancellation),
        MoveStep.Compare => CompareAsync(cancellation),
        MoveStep.Open => CallAsync(target, "shop.open_bucket", entry.Epoch + 1, cancellation),
        MoveStep.Commit => CommitAsync(cancellation),
        MoveStep.Clean => CallAsync(source, "shop.drop_bucket", entry.Epoch, cancellation),
        MoveStep.End => journal.EndAsync(entry, cancellation),
        _ => throw new ArgumentOutOfRangeException(nameof(step)),
    };

    private async Task PrepareAsync(CancellationToken cancellation)
    {
        tables = await new BucketRows(entry.Bucket, source).ReadTablesAsync(cancellation).ConfigureAwait(false);
        await CallAsync(target, "shop.expect_bucket", entry.Epoch + 1, cancellation).ConfigureAwait(false);
    }

    private Task FenceAsync(CancellationToken cancellation)
    {
        fenceBegan = clock.GetTimestamp();
        return CallAsync(source, "shop.fence", entry.Epoch, cancellation);
    }

    private async Task CompareAsync(CancellationToken cancellation)
    {
        var sums = await Task.WhenAll(
            new BucketRows(entry.Bucket, source).SumAsync(tables, cancellation),
            new BucketRows(entry.Bucket, target).SumAsync(tables, cancellation)).ConfigureAwait(false);
        if (!sums[0].SequenceEqual(sums[1]))
        {
            var (had, has) = (string.Join(", ", sums[0].Except(sums[1])), string.Join(", ", sums[1].Except(sums[0])));
            throw new InvalidOperationException($"bucket {entry.Bucket}: {had} on {entry.Source} became {has} on {entry.Target}");
        }

        Rows = sums[0].Sum(s => s.Rows);
    }

    private async Task CommitAsync(CancellationToken cancellation)
    {
        await journal.CommitAsync(entry, cancellation).ConfigureAwait(false);
        Fence = clock.GetElapsedTime(fenceBegan);
    }

    /// <summary>Calls one of the functions of the shard's schema that take a bucket and an epoch.</summary>
    private async Task CallAsync(NpgsqlDataSource shard, string function, int epoch, CancellationToken cancellation)
    {
        var command = shard.CreateCommand($"select {function}($1, $2)");
        await using var _ = command.ConfigureAwait(false);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = entry.Bucket });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = epoch });
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }
}
