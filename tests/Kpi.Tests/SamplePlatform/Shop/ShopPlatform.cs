using System.Text;
using Kpi.SamplePlatform.Servers;
using Kpi.SamplePlatform.Sharding;
using Kpi.SamplePlatform.Sharding.Schema;
using Kpi.SamplePlatform.Shop.Access;
using Kpi.SamplePlatform.Shop.Hosting;
using Kpi.SamplePlatform.Shop.Seeding;
using Kpi.Tests.SamplePlatform.Servers;

namespace Kpi.Tests.SamplePlatform.Shop;

/// <summary>A platform of two shards, a catalogue and Redis of its own, seeded once and shared by the classes that start shops on it.</summary>
public sealed class ShopPlatform : IAsyncLifetime
{
    internal static readonly SeedPlan Seed = new(Tenants: 12, Users: 300, ProductsPerTenant: 60);

    private static readonly string[] Shards = ["shard-1", "shard-2"];

    private readonly List<Func<Task>> stops = [];
    private ServersFolder folder = null!;

    internal static byte[] TokenKey { get; } = Encoding.UTF8.GetBytes("a key for tests, and for no other use");

    internal static ShopTokens Tokens { get; } = new(TokenKey);

    internal string Folder => folder.Path;

    internal ShopServers Servers => new(Folder);

    public async Task InitializeAsync()
    {
        folder = await ServersFolder.CreateAsync();
        try
        {
            var template = await PostgresTemplate.CreateAsync(folder["template"], CancellationToken.None);
            await Task.WhenAll(Shards.Append("catalogue").Select(name => StartAsync(name, template)));
            var redis = await RedisServer.CreateAsync(folder["redis"], "redis", CancellationToken.None);
            Stops(() => redis.StopAsync(immediate: true, CancellationToken.None));
            await new PlatformSchema(Servers.ConnectionString).CreateAsync(Shards, CancellationToken.None);
            await SeedAsync();
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    public async Task DisposeAsync()
    {
        await Task.WhenAll(stops.Select(stop => stop()));
        folder.Dispose();
    }

    private async Task StartAsync(string name, PostgresTemplate template)
    {
        var server = await PostgresServer.CreateAsync(folder[name], name, template, CancellationToken.None);
        Stops(() => server.StopAsync(immediate: true, CancellationToken.None));
    }

    private void Stops(Func<Task> stop)
    {
        lock (stops)
        {
            stops.Add(stop);
        }
    }

    private async Task SeedAsync()
    {
        await using var connections = new PlatformConnections(Servers.ConnectionString);
        var catalogue = new Catalogue(connections);
        var router = new ShardRouter(await ShardDirectory.LoadAsync(catalogue, CancellationToken.None), null, TimeProvider.System);
        var seeder = new ShopSeeder(catalogue, new Tenants(catalogue, router, TimeProvider.System), router, TimeProvider.System);
        await seeder.FillAsync(Seed, null, CancellationToken.None);
    }
}

/// <summary>The classes that share the platform; they run one after the other, because some stop its servers.</summary>
[CollectionDefinition(Name)]
public sealed class UsesShop : ICollectionFixture<ShopPlatform>
{
    public const string Name = "uses the shop";
}
