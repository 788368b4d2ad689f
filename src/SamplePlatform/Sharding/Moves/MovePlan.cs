namespace Kpi.SamplePlatform.Sharding.Moves;

/// <summary>Which buckets a new shard gets.</summary>
internal static class MovePlan
{
    /// <summary>
    /// Takes from whoever holds most (of equals the lowest id) its lowest bucket, until the new shard has its share,
    /// rounded down. Planned again half way, it gives the rest.
    /// </summary>
    public static IReadOnlyList<Route> Fill(DirectorySnapshot directory, int target)
    {
        var held = directory.Routes.Where(r => r.Shard.Id != target).GroupBy(r => r.Shard.Id)
            .OrderBy(g => g.Key)
            .Select(g => new Queue<Route>(g.OrderBy(r => r.Bucket)))
            .ToList();
        var share = Buckets.Count / (held.Count + 1);
        var missing = share - directory.Routes.Count(r => r.Shard.Id == target);
        return [.. Enumerable.Range(0, Math.Max(missing, 0)).Select(_ => held.MaxBy(h => h.Count)!.Dequeue())];
    }
}
