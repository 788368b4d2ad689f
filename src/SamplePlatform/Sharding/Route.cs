namespace Kpi.SamplePlatform.Sharding;

/// <summary>Where a bucket lives. The shard refuses whoever comes with another epoch than its own.</summary>
internal sealed record Route(int Bucket, Shard Shard, int Epoch);
