using Kpi.SamplePlatform.Caching;
using Kpi.SamplePlatform.Servers;

namespace Kpi.SamplePlatform.Faults.Switches;

/// <summary>Redis is killed, and started again (empty) at the end. Affected: reads that had to do without it.</summary>
internal sealed class StoppedRedis(RedisServer redis) : FaultSwitch("redis-stopped"), IBypassWitness
{
    public void Bypassed() => Current?.Count();

    protected override Task BeginAsync(FaultEntry entry, CancellationToken cancellation) => redis.StopAsync(immediate: true, cancellation);

    protected override Task EndAsync(CancellationToken cancellation) => redis.StartAsync(cancellation);
}
