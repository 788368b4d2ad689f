using Kpi.SamplePlatform.Caching;
using Kpi.SamplePlatform.Servers;

namespace Kpi.SamplePlatform.Faults.Switches;

/// <summary>Redis forgets everything, once. Affected: the keys it held, counted a moment before.</summary>
internal sealed class FlushedRedis(RedisServer redis, RedisStore store) : FaultSwitch("redis-flushed")
{
    public override bool IsInstant => true;

    protected override async Task BeginAsync(FaultEntry entry, CancellationToken cancellation)
    {
        var held = await store.CountAsync().ConfigureAwait(false);
        await redis.FlushAsync(cancellation).ConfigureAwait(false);
        entry.Count(held.Value);
    }
}
