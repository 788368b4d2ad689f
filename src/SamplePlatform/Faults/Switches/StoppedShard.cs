using Kpi.SamplePlatform.Servers;

namespace Kpi.SamplePlatform.Faults.Switches;

/// <summary>One shard is stopped as by a crash, and started again at the end. Affected: requests that found it gone.</summary>
internal sealed class StoppedShard(Func<IReadOnlyList<string>> shards, Func<string, PostgresServer> server) : FaultSwitch("stopped-shard")
{
    public override IReadOnlyList<string> Targets => shards();

    /// <summary>A request, or one part of a report, could not reach a shard.</summary>
    public void Missed(string shard)
    {
        if (Current is { } entry && entry.Target == shard)
        {
            entry.Count();
        }
    }

    protected override Task BeginAsync(FaultEntry entry, CancellationToken cancellation) =>
        server(entry.Target!).StopAsync(immediate: true, cancellation);

    protected override Task EndAsync(CancellationToken cancellation) => server(Current!.Target!).StartAsync(cancellation);
}
