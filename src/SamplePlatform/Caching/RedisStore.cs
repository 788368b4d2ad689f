using System.Diagnostics;
using StackExchange.Redis;

namespace Kpi.SamplePlatform.Caching;

/// <summary>
/// The few commands the cache needs, each with its span, its deadline and the breaker's leave. Nothing here throws because of
/// Redis: an outage is an answer. The database belongs to the cache alone: after an outage that lost deletes it is emptied.
/// </summary>
internal sealed class RedisStore(IConnectionMultiplexer redis, RedisAddress address, CacheOptions options, TimeProvider time)
{
    /// <summary>Fills only what still carries the caller's lease; else a delete came in between, and the value may be old.</summary>
    private const string FillScript =
        "if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3]) return 1 else return 0 end";

    private readonly RedisBreaker breaker = new(options, time);

    public BreakerState State => breaker.State;

    public Task<RedisReply<byte[]>> GetAsync(string key) =>
        RunAsync("GET", async database => (byte[]?)await database.StringGetAsync(key).ConfigureAwait(false));

    /// <summary>Takes the right to fill a key that holds nothing.</summary>
    public Task<RedisReply<bool>> LeaseAsync(CacheLease lease) =>
        RunAsync("SET", database => database.StringSetAsync(lease.Key, lease.Token, options.LeaseTtl, When.NotExists));

    /// <summary>True when the value now stands in Redis.</summary>
    public Task<RedisReply<bool>> FillAsync(CacheLease lease, byte[] value, TimeSpan ttl)
    {
        object[] arguments = [FillScript, 1, lease.Key, lease.Token, value, (long)ttl.TotalMilliseconds];
        return RunAsync("EVAL", async database => (bool)await database.ExecuteAsync("EVAL", arguments).ConfigureAwait(false));
    }

    /// <summary>Takes keys away; if that cannot be confirmed, nothing in Redis is trusted until it has been emptied.</summary>
    public async Task DeleteAsync(IReadOnlyCollection<string> keys)
    {
        var deleted = await RunAsync("DEL", database => database.KeyDeleteAsync([.. keys.Select(k => (RedisKey)k)])).ConfigureAwait(false);
        if (!deleted.Reached)
        {
            breaker.LostDelete();
        }
    }

    /// <summary>Keys of any kind.</summary>
    public Task<RedisReply<long>> CountAsync() =>
        RunAsync("DBSIZE", async database => (long)await database.ExecuteAsync("DBSIZE").ConfigureAwait(false));

    private async Task<RedisReply<T>> RunAsync<T>(string operation, Func<IDatabase, Task<T?>> command)
    {
        if (!breaker.Allows(out var probe))
        {
            if (probe)
            {
                _ = ProbeAsync();
            }

            return default;
        }

        var reply = await SendAsync(operation, command).ConfigureAwait(false);
        if (reply.Reached)
        {
            breaker.Succeeded();
        }
        else
        {
            breaker.Failed();
        }

        return reply;
    }

    /// <summary>Nobody waits for it: the request that found the time come goes without Redis like the others.</summary>
    private async Task ProbeAsync()
    {
        var flush = breaker.BeginProbe();
        var command = flush ? "FLUSHDB" : "PING";
        var reply = await SendAsync(command, database => database.ExecuteAsync(command)!).ConfigureAwait(false);
        breaker.EndProbe(reply.Reached, flush);
    }

    private async Task<RedisReply<T>> SendAsync<T>(string operation, Func<IDatabase, Task<T?>> command)
    {
        using var span = RedisSpans.Start(operation, address);
        try
        {
            return new(true, await command(redis.GetDatabase()).WaitAsync(options.CommandTimeout, time).ConfigureAwait(false));
        }
        catch (Exception e)
        {
            // Whatever a client of this age throws while its connection dies means the same: no answer.
            span?.SetTag("error.type", e.GetType().FullName).SetStatus(ActivityStatusCode.Error);
            return default;
        }
    }
}
