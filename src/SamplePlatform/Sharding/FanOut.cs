namespace Kpi.SamplePlatform.Sharding;

/// <summary>What the shards answered to one question, and the names of those that did not.</summary>
internal sealed record FanOut<T>(IReadOnlyList<ShardAnswer<T>> Answers, IReadOnlyList<string> Missing)
{
    public bool Partial => Missing.Count > 0;
}

/// <summary>One shard's answer.</summary>
internal sealed record ShardAnswer<T>(string Shard, T Answer);
