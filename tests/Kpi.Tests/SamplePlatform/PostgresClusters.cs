using Kpi.SamplePlatform.Servers;
using Kpi.Tests.SamplePlatform.Servers;

namespace Kpi.Tests.SamplePlatform;

/// <summary>
/// The PostgreSQL servers of the tests that need some: a catalogue and five shards, started once and shared. Each test works in
/// databases of its own on them (<see cref="PlatformBed"/>); who stops a server starts it again.
/// </summary>
public sealed class PostgresClusters : IAsyncLifetime
{
    public const int Shards = 5;

    private readonly Dictionary<string, PostgresServer> servers = [];
    private ServersFolder folder = null!;

    internal PostgresServer this[string name] => servers[name];

    /// <summary>Whether <see cref="PlatformBed.SharedAsync"/> has made its databases.</summary>
    internal bool SharedIsMade { get; set; }

    public async Task InitializeAsync()
    {
        folder = await ServersFolder.CreateAsync();
        try
        {
            var template = await PostgresTemplate.CreateAsync(folder["template"], CancellationToken.None);
            string[] names = ["catalogue", .. Enumerable.Range(1, Shards).Select(i => $"shard-{i}")];
            await Task.WhenAll(names.Select(name => StartAsync(name, template)));
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    public async Task DisposeAsync()
    {
        await Task.WhenAll(servers.Values.Select(s => s.StopAsync(immediate: true, CancellationToken.None)));
        folder.Dispose();
    }

    private async Task StartAsync(string name, PostgresTemplate template)
    {
        var server = await PostgresServer.CreateAsync(folder[name], name, template, CancellationToken.None);
        lock (servers)
        {
            servers.Add(name, server);
        }
    }
}

/// <summary>The classes that share the servers; they run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class UsesPostgres : ICollectionFixture<PostgresClusters>
{
    public const string Name = "uses PostgreSQL";
}
