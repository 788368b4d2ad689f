using Kpi.SamplePlatform.Load;
using Kpi.SamplePlatform.Servers;
using Kpi.SamplePlatform.Sharding;
using Kpi.SamplePlatform.Sharding.Schema;
using Kpi.SamplePlatform.Shop.Hosting;
using Kpi.SamplePlatform.Shop.Seeding;
using Npgsql;

namespace Kpi.SamplePlatform.Demo;

/// <summary>Makes the demo's databases a shop: the schema, then tenants, accounts and products.</summary>
internal static class DemoPlatform
{
    /// <exception cref="ServerException">A database did not take it, such as on a full disk.</exception>
    public static async Task CreateAsync(
        DemoFolder folder, LoadPreset preset, DemoProgress progress, TimeProvider clock, CancellationToken cancellation)
    {
        var servers = new ShopServers(folder.Servers);
        try
        {
            var schema = new PlatformSchema(servers.ConnectionString).CreateAsync(DemoServers.Shards, cancellation);
            await progress.StepAsync("schema of catalogue and shards", schema).ConfigureAwait(false);
            var seed = SeedAsync(servers, preset.Seed, clock, cancellation);
            await progress.StepAsync($"seed: {preset.Tenants:N0} tenants, {preset.Users:N0} accounts", seed).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is NpgsqlException or ShardUnavailableException)
        {
            throw new ServerException($"the databases could not be filled: {failure.Message}", failure);
        }
    }

    private static async Task SeedAsync(ShopServers servers, SeedPlan plan, TimeProvider clock, CancellationToken cancellation)
    {
        var connections = new PlatformConnections(servers.ConnectionString);
        await using var _ = connections.ConfigureAwait(false);
        var catalogue = new Catalogue(connections);
        var router = new ShardRouter(await ShardDirectory.LoadAsync(catalogue, cancellation).ConfigureAwait(false), delay: null, clock);
        var seeder = new ShopSeeder(catalogue, new Tenants(catalogue, router, clock), router, clock);
        await seeder.FillAsync(plan, progress: null, cancellation).ConfigureAwait(false);
    }
}
