using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace Kpi.SamplePlatform.Caching;

/// <summary>
/// Cache-aside for one kind of row: read Redis, else load and fill; a writer commits first and then deletes. Per key and
/// process at most one piece of work runs. Staleness is bounded by the way from commit to delete; by the breaker's pause when
/// another process could not delete; by the life of an entry when a process died in between. Redis down: slower, never wrong.
/// </summary>
/// <param name="name">Of the cache, in metrics and keys.</param>
internal sealed class TenantCache<T>(
    string name, RedisStore store, CacheMetrics metrics, CacheOptions options, TimeProvider time, IBypassWitness? witness = null)
    where T : class
{
    /// <summary>Bound: the requests in the shop; a flight ends by <see cref="CacheOptions.LoadTimeout"/> and takes itself out.</summary>
    private readonly ConcurrentDictionary<string, Flight<T>> flights = new();

    public static string Key(long tenant, string name, string id) => $"t:{tenant}:{name}:{id}";

    /// <summary>The value, or null when there is none. Cancelling ends this wait only: the load goes on for the others.</summary>
    /// <param name="load">null: there is none, which is remembered for a short time. An exception goes to all who wait.</param>
    public async Task<T?> ReadAsync(long tenant, string id, Func<CancellationToken, Task<T?>> load, CancellationToken cancellation)
    {
        var key = Key(tenant, name, id);
        var mine = new Flight<T>();
        var flight = flights.GetOrAdd(key, mine);
        var leads = ReferenceEquals(flight, mine);
        if (leads)
        {
            _ = FlyAsync(key, flight, load);
        }
        else
        {
            metrics.Waited(name);
        }

        // Counted when the work ends, and not when this caller leaves: every read has one outcome.
        var counted = CountAsync(flight, leads);
        var landing = await counted.WaitAsync(cancellation).ConfigureAwait(false);
        if (landing.Failure is { } failure)
        {
            ExceptionDispatchInfo.Throw(failure);
        }

        return landing.Value;
    }

    /// <summary>
    /// After a commit, whether it was confirmed or not: takes the rows out of Redis, and sees to it that who asks from now on
    /// does not join a load that began before. Not cancellable, because a client that leaves must not leave an old value behind.
    /// </summary>
    public async Task ForgetAsync(long tenant, IEnumerable<string> ids)
    {
        var keys = ids.Select(id => Key(tenant, name, id)).ToArray();
        if (keys.Length == 0)
        {
            return;
        }

        await store.DeleteAsync(keys).ConfigureAwait(false);
        foreach (var key in keys)
        {
            flights.TryRemove(key, out _);
        }
    }

    private async Task<Landing<T>> CountAsync(Flight<T> flight, bool leads)
    {
        var landing = await flight.Landed.ConfigureAwait(false);
        var outcome = leads ? landing.Outcome : landing.ForFollower;
        metrics.Read(name, outcome);
        if (outcome == CacheOutcome.Bypass)
        {
            witness?.Bypassed();
        }

        return landing;
    }

    private async Task FlyAsync(string key, Flight<T> flight, Func<CancellationToken, Task<T?>> load)
    {
        Landing<T> landing;
        try
        {
            landing = await WorkAsync(key, load).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // A flight that never lands would hold its waiters for ever: a value that cannot be written as JSON comes here.
            landing = new(CacheOutcome.LoadError, null, e);
        }

        flights.TryRemove(KeyValuePair.Create(key, flight));
        flight.Land(landing);
    }

    private async Task<Landing<T>> WorkAsync(string key, Func<CancellationToken, Task<T?>> load)
    {
        var reply = await store.GetAsync(key).ConfigureAwait(false);
        var entry = CacheEntry<T>.Decode(reply.Value);
        if (entry.Kind is CacheEntryKind.Value or CacheEntryKind.Negative)
        {
            return new(entry.Kind == CacheEntryKind.Value ? CacheOutcome.L2Hit : CacheOutcome.NegativeHit, entry.Value);
        }

        var lease = reply.Reached ? await LeaseAsync(key, entry.Kind).ConfigureAwait(false) : null;
        var loaded = await LoadAsync(load, bypass: !reply.Reached).ConfigureAwait(false);
        if (lease is { } mine && loaded.Failure is null)
        {
            await store.FillAsync(mine, CacheEntry<T>.Encode(loaded.Value), Life(loaded.Value)).ConfigureAwait(false);
        }

        return loaded;
    }

    /// <summary>Before the load, never after: only then does a delete during the load void it. null: another process has it.</summary>
    private async Task<CacheLease?> LeaseAsync(string key, CacheEntryKind found)
    {
        if (found == CacheEntryKind.Unreadable)
        {
            await store.DeleteAsync([key]).ConfigureAwait(false);
        }

        var lease = CacheLease.New(key);
        var taken = await store.LeaseAsync(lease).ConfigureAwait(false);
        return taken is { Reached: true, Value: true } ? lease : null;
    }

    private async Task<Landing<T>> LoadAsync(Func<CancellationToken, Task<T?>> load, bool bypass)
    {
        var start = time.GetTimestamp();
        using var deadline = new CancellationTokenSource(options.LoadTimeout, time);
        try
        {
            var value = await load(deadline.Token).ConfigureAwait(false);
            metrics.Loaded(name, time.GetElapsedTime(start), bypass, failure: null);
            return new(bypass ? CacheOutcome.Bypass : CacheOutcome.Load, value);
        }
        catch (Exception e)
        {
            metrics.Loaded(name, time.GetElapsedTime(start), bypass, e);
            var late = e is OperationCanceledException && deadline.IsCancellationRequested;
            var failure = late ? new TimeoutException($"loading took over {options.LoadTimeout}", e) : e;
            return new(bypass ? CacheOutcome.Bypass : CacheOutcome.LoadError, null, failure);
        }
    }

    private TimeSpan Life(T? value) =>
        (value is null ? options.NegativeTtl : options.Ttl) * (1 + options.Jitter * (2 * Random.Shared.NextDouble() - 1));
}
