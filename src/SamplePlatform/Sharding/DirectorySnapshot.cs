namespace Kpi.SamplePlatform.Sharding;

/// <summary>The directory as it was read once. Never changes.</summary>
internal sealed class DirectorySnapshot
{
    private readonly Route[] routes;

    /// <param name="version">1 for the first reading of this process, then one more with each.</param>
    /// <param name="routes">One route per bucket, in order.</param>
    public DirectorySnapshot(long version, Route[] routes)
    {
        if (routes.Length != Buckets.Count || routes.Where((route, at) => route.Bucket != at).Any())
        {
            throw new InvalidOperationException($"the directory holds {routes.Length} buckets instead of {Buckets.Count}, each once");
        }

        Version = version;
        this.routes = routes;
        Shards = [.. routes.Select(r => r.Shard).Distinct().OrderBy(s => s.Id)];
    }

    public long Version { get; }

    /// <summary>The shards that hold at least one bucket, by id.</summary>
    public IReadOnlyList<Shard> Shards { get; }

    public IReadOnlyList<Route> Routes => routes;

    public Route Of(int bucket) => routes[bucket];
}
