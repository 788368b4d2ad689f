using Kpi.SamplePlatform.Caching;
using Kpi.SamplePlatform.Servers;
using StackExchange.Redis;

namespace Kpi.Tests.SamplePlatform.Caching;

/// <summary>A cache as one process would have it, over a real Redis.</summary>
internal sealed class CacheUnderTest : IDisposable
{
    private readonly CacheMetrics metrics = new();

    private CacheUnderTest(IConnectionMultiplexer redis, RedisAddress address, CacheOptions options)
    {
        Redis = redis;
        Reads = new CacheReads(metrics);
        Store = new RedisStore(redis, address, options, TimeProvider.System);
        Words = new TenantCache<Word>("word", Store, metrics, options, TimeProvider.System);
    }

    public IConnectionMultiplexer Redis { get; }

    public CacheReads Reads { get; }

    public RedisStore Store { get; }

    public TenantCache<Word> Words { get; }

    public static async Task<CacheUnderTest> OpenAsync(RedisServer server, CacheOptions? options = null)
    {
        // Far above what a busy machine needs, so that only a Redis which is really gone is given up.
        options ??= new CacheOptions { CommandTimeout = TimeSpan.FromSeconds(10) };
        var address = new RedisAddress("127.0.0.1", server.Port);
        return new CacheUnderTest(await RedisConnection.OpenAsync(address, server.Password, options), address, options);
    }

    public Task<Word?> ReadAsync(string id, Func<string?> load, CancellationToken cancellation = default) =>
        Words.ReadAsync(1, id, _ => Task.FromResult(load() is { } text ? new Word(text) : null), cancellation);

    public void Dispose()
    {
        Reads.Dispose();
        metrics.Dispose();
        Redis.Dispose();
    }

    internal sealed record Word(string Text);
}
