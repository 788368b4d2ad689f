using Kpi.SamplePlatform.Servers;

namespace Kpi.SamplePlatform.Demo;

/// <summary>The demo's PostgreSQL clusters, four shards and the catalogue, and its Redis.</summary>
internal sealed record DemoServers(IReadOnlyList<PostgresServer> Clusters, RedisServer Redis)
{
    public const string Catalogue = "catalogue";
    public const string RedisName = "redis";

    public static IReadOnlyList<string> Shards { get; } = ["shard-1", "shard-2", "shard-3", "shard-4"];

    /// <exception cref="ServerException">One does not come up.</exception>
    public static async Task<DemoServers> StartAsync(DemoFolder folder, CancellationToken cancellation)
    {
        var redis = RedisServer.CreateAsync(folder.Server(RedisName), RedisName, cancellation);
        var clusters = StartClustersAsync(folder, cancellation);
        await Task.WhenAll(redis, clusters).ConfigureAwait(false);
        return new DemoServers(await clusters.ConfigureAwait(false), await redis.ConfigureAwait(false));
    }

    /// <summary>Names of those that do not run.</summary>
    public IEnumerable<string> Down() =>
        Clusters.Where(c => !c.IsRunning).Select(c => c.Name).Concat(Redis.IsRunning ? [] : [Redis.Name]);

    public string LogTailOf(string name) => LogTail.OfFile(Path.Combine(
        name == Redis.Name ? Redis.Folder : Clusters.Single(c => c.Name == name).Folder, "log"));

    private static async Task<IReadOnlyList<PostgresServer>> StartClustersAsync(DemoFolder folder, CancellationToken cancellation)
    {
        var template = await PostgresTemplate.CreateAsync(folder.In("template"), cancellation).ConfigureAwait(false);
        var clusters = await Task.WhenAll(((string[])[Catalogue, .. Shards])
            .Select(name => PostgresServer.CreateAsync(folder.Server(name), name, template, cancellation))).ConfigureAwait(false);
        Directory.Delete(folder.In("template"), recursive: true);
        return clusters;
    }
}
