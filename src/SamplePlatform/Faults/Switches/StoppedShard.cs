using Kpi.SamplePlatform.Servers;
using Kpi.SamplePlatform.Sharding;

namespace Kpi.SamplePlatform.Faults.Switches;

/// <summary>One shard is stopped as by a crash, and started again at the end. Affected: requests that found it gone.</summary>
internal sealed class StoppedShard(ShardDirectory directory, Func<string, PostgresServer> server) : FaultSwitch("stopped-shard")
{
    public override IReadOnlyList<string> Targets => [.. directory.Current.Shards.Select(s => s.Name)];

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

    /// <summary>Connections that the stop has cut are thrown away: each would fail one request more, after the fault's end.</summary>
    protected override async Task EndAsync(CancellationToken cancellation)
    {
        var target = Current!.Target!;
        await server(target).StartAsync(cancellation).ConfigureAwait(false);
        foreach (var shard in directory.Current.Shards.Where(s => s.Name == target))
        {
            shard.DataSource.Clear();
            shard.Reports.Clear();
        }
    }
}
