namespace Kpi.SamplePlatform.Sharding;

/// <summary>A fault that makes a shard slow. The time is slept by the shard, in SQL, as part of the statements it slows.</summary>
internal interface IShardDelay
{
    /// <summary>What the next batch on this shard sleeps, or null.</summary>
    TimeSpan? For(string shard);

    /// <summary>The shard has slept; called once per batch, also when the batch fails afterwards.</summary>
    void Slept(string shard, TimeSpan time);
}
