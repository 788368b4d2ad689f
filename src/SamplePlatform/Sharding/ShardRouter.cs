using Npgsql;

namespace Kpi.SamplePlatform.Sharding;

/// <summary>Runs statements of one tenant on the shard that holds it, and questions over all tenants on every shard.</summary>
/// <remarks>
/// The shard decides whether a route is right: <c>shop.enter</c> raises KP001 (the bucket is not here under this epoch) or KP002 (it is
/// fenced, because it is being moved) before anything else is done, so both can be tried again without harm.
/// </remarks>
internal sealed class ShardRouter(ShardDirectory directory, IShardDelay? delay, TimeProvider clock)
{
    private const string Moved = "KP001";
    private const string Fenced = "KP002";

    /// <summary>Shards asked at once by one question; a report's pool holds few connections anyway.</summary>
    private const int MostAtOnce = 8;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(4);

    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(64);

    /// <summary>How long a moving bucket is waited for.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// One round trip, one transaction: <paramref name="statements"/> adds to the batch what is to be done as this tenant;
    /// <paramref name="read"/> gets the reader at the first result set of these statements. Both may run more than once, but only
    /// one run has an effect. The answer is returned when the transaction is committed; it is committed even if
    /// <paramref name="read"/> throws.
    /// </summary>
    /// <exception cref="ShardUnavailableException">
    /// The shard did not answer, or its bucket was fenced for longer than <see cref="Deadline"/>.
    /// </exception>
    public async Task<T> RunAsync<T>(
        long tenant,
        Action<NpgsqlBatch> statements,
        Func<NpgsqlDataReader, CancellationToken, Task<T>> read,
        CancellationToken cancellation)
    {
        var started = clock.GetTimestamp();
        for (var attempt = 0; ; attempt++)
        {
            var seen = directory.Current;
            var route = seen.Of(Buckets.Of(tenant));
            try
            {
                return await OnceAsync(route, tenant, statements, read, cancellation).ConfigureAwait(false);
            }
            catch (PostgresException e) when (e.SqlState is Moved or Fenced)
            {
                if (clock.GetElapsedTime(started) >= Deadline)
                {
                    throw new ShardUnavailableException(route.Shard.Name, $"bucket {route.Bucket} cannot be entered ({e.MessageText})", e);
                }

                await PauseAsync(e.SqlState == Moved ? attempt : attempt + 1, cancellation).ConfigureAwait(false);
                await directory.RefreshAsync(seen, cancellation).ConfigureAwait(false);
            }
            catch (NpgsqlException e) when (Outage.Is(e))
            {
                throw new ShardUnavailableException(route.Shard.Name, e.Message, e);
            }
        }
    }

    /// <summary>
    /// Asks every shard that holds buckets, as the reporting role. A shard that has not answered after <paramref name="perShard"/>, or
    /// is not there, is named as missing; other failures are thrown. The shards do not answer at one instant: a bucket that is moved
    /// meanwhile can be in no answer (while it is fenced) or in two.
    /// </summary>
    public async Task<FanOut<T>> FanOutAsync<T>(
        Func<Shard, NpgsqlConnection, CancellationToken, Task<T>> query, TimeSpan perShard, CancellationToken cancellation)
    {
        var shards = await NewestShardsAsync(cancellation).ConfigureAwait(false);
        var answers = new ShardAnswer<T>?[shards.Count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = MostAtOnce, CancellationToken = cancellation };
        await Parallel.ForAsync(0, shards.Count, options, async (at, token) =>
            answers[at] = await AskAsync(shards[at], query, perShard, token).ConfigureAwait(false)).ConfigureAwait(false);
        return new FanOut<T>(
            [.. answers.OfType<ShardAnswer<T>>()],
            [.. shards.Where((_, at) => answers[at] is null).Select(s => s.Name)]);
    }

    /// <summary>
    /// No shard would notice that another one has been added, so the directory is read first. While the catalogue is away nothing can
    /// have been moved, and what is known is used.
    /// </summary>
    private async Task<IReadOnlyList<Shard>> NewestShardsAsync(CancellationToken cancellation)
    {
        try
        {
            await directory.RefreshAsync(directory.Current, cancellation).ConfigureAwait(false);
        }
        catch (ShardUnavailableException)
        {
        }

        return directory.Current.Shards;
    }

    private static NpgsqlBatchCommand Sleep(TimeSpan time) =>
        new("select pg_sleep($1)") { Parameters = { new NpgsqlParameter<double> { TypedValue = time.TotalSeconds } } };

    private static NpgsqlBatchCommand Enter(Route route, long tenant) => new("select shop.enter($1, $2, $3)")
    {
        Parameters =
        {
            new NpgsqlParameter<long> { TypedValue = tenant },
            new NpgsqlParameter<int> { TypedValue = route.Bucket },
            new NpgsqlParameter<int> { TypedValue = route.Epoch },
        },
    };

    private async Task<T> OnceAsync<T>(
        Route route,
        long tenant,
        Action<NpgsqlBatch> statements,
        Func<NpgsqlDataReader, CancellationToken, Task<T>> read,
        CancellationToken cancellation)
    {
        var batch = route.Shard.DataSource.CreateBatch();
        await using var _ = batch.ConfigureAwait(false);
        var sleep = delay?.For(route.Shard.Name);
        if (sleep is { } time)
        {
            batch.BatchCommands.Add(Sleep(time));
        }

        batch.BatchCommands.Add(Enter(route, tenant));
        statements(batch);
        var reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using var __ = reader.ConfigureAwait(false);
        if (sleep is { } slept)
        {
            delay!.Slept(route.Shard.Name, slept);
            await reader.NextResultAsync(cancellation).ConfigureAwait(false);
        }

        await reader.NextResultAsync(cancellation).ConfigureAwait(false);
        var answer = await read(reader, cancellation).ConfigureAwait(false);
        while (await reader.NextResultAsync(cancellation).ConfigureAwait(false))
        {
            // The end of the last result is the commit; an error may come before it, and disposing the reader would swallow it.
        }

        return answer;
    }

    private async Task<ShardAnswer<T>?> AskAsync<T>(
        Shard shard, Func<Shard, NpgsqlConnection, CancellationToken, Task<T>> query, TimeSpan within, CancellationToken cancellation)
    {
        using var timeout = new CancellationTokenSource(within, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        try
        {
            // Not only cancelled but left: a shard that hangs does not answer a cancellation either.
            return await AnswerAsync(shard, query, both.Token).WaitAsync(both.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            return null;
        }
        catch (NpgsqlException e) when (Outage.Is(e))
        {
            return null;
        }
    }

    private async Task<ShardAnswer<T>> AnswerAsync<T>(
        Shard shard, Func<Shard, NpgsqlConnection, CancellationToken, Task<T>> query, CancellationToken cancellation)
    {
        var connection = await shard.Reports.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        await using var _ = connection.ConfigureAwait(false);
        if (delay?.For(shard.Name) is { } time)
        {
            var batch = new NpgsqlBatch(connection) { BatchCommands = { Sleep(time) } };
            await using var __ = batch.ConfigureAwait(false);
            await batch.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
            delay.Slept(shard.Name, time);
        }

        return new ShardAnswer<T>(shard.Name, await query(shard, connection, cancellation).ConfigureAwait(false));
    }

    /// <summary>Doubles with each attempt; between half and the whole of it, so that those who wait do not come back together.</summary>
    private Task PauseAsync(int attempt, CancellationToken cancellation)
    {
        if (attempt == 0)
        {
            return Task.CompletedTask;
        }

        var whole = Math.Min(FirstPause.TotalMilliseconds * (1 << Math.Min(attempt, 10)), LongestPause.TotalMilliseconds);
        return Task.Delay(TimeSpan.FromMilliseconds(whole * (0.5 + (Random.Shared.NextDouble() / 2))), clock, cancellation);
    }
}
