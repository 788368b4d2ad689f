using Kpi.SamplePlatform.Sharding;

namespace Kpi.SamplePlatform.Faults.Switches;

/// <summary>One shard sleeps in SQL before each batch. Affected: batches.</summary>
internal sealed class SlowShard(Func<IReadOnlyList<string>> shards) : FaultSwitch("slow-shard"), IShardDelay
{
    private FaultEntry? last;

    public override FaultSize Size { get; } = new(0.2, 0.001, 4, "seconds");

    public override IReadOnlyList<string> Targets => shards();

    public TimeSpan? For(string shard) => Current is { } entry && entry.Target == shard ? TimeSpan.FromSeconds(entry.Size!.Value) : null;

    /// <summary>A batch that began before the end is told after it, and belongs to the fault that ended.</summary>
    public void Slept(string shard, TimeSpan time) => Volatile.Read(ref last)?.Count(time);

    protected override Task BeginAsync(FaultEntry entry, CancellationToken cancellation)
    {
        Volatile.Write(ref last, entry);
        return Task.CompletedTask;
    }
}
