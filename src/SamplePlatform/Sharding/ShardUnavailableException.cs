namespace Kpi.SamplePlatform.Sharding;

/// <summary>
/// A database did not answer: refused, broken, out of time or out of connections. Whether statements that write took effect is not
/// known; a shard that refused the connection did nothing.
/// </summary>
internal sealed class ShardUnavailableException(string shard, string why, Exception? inner)
    : Exception($"{shard} is unavailable: {why}", inner)
{
    /// <summary>The shard's name, or <c>catalogue</c>.</summary>
    public string Shard { get; } = shard;
}
