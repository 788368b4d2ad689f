using StackExchange.Redis;

namespace Kpi.SamplePlatform.Caching;

/// <summary>A connection that is there from the start, whether Redis is or not, and comes back by itself.</summary>
internal static class RedisConnection
{
    public static async Task<IConnectionMultiplexer> OpenAsync(RedisAddress address, string password, CacheOptions options)
    {
        var milliseconds = (int)options.CommandTimeout.TotalMilliseconds;
        var configuration = new ConfigurationOptions
        {
            EndPoints = { { address.Host, address.Port } },
            Password = password,
            ClientName = "shop",
            AbortOnConnectFail = false,
            ConnectTimeout = milliseconds,
            ConnectRetry = 1,
            SyncTimeout = milliseconds,
            ReconnectRetryPolicy = new LinearRetry(milliseconds),
        };
        return await ConnectionMultiplexer.ConnectAsync(configuration).ConfigureAwait(false);
    }
}
