using System.Collections.Concurrent;
using Kpi.SamplePlatform.Sharding;
using Kpi.SamplePlatform.Sharding.Moves;
using Kpi.SamplePlatform.Sharding.Schema;
using Npgsql;

namespace Kpi.Tests.SamplePlatform;

/// <summary>A platform of four shards, on the shared servers.</summary>
internal sealed class PlatformBed : IAsyncDisposable
{
    private static int number;

    private readonly PostgresClusters clusters;
    private readonly string database;
    private readonly bool keep;
    private readonly ConcurrentDictionary<string, bool> used = new();

    private PlatformBed(PostgresClusters clusters, string database, bool keep)
    {
        this.clusters = clusters;
        this.database = database;
        this.keep = keep;
        Connections = new PlatformConnections(ConnectionString);
        Catalogue = new Catalogue(Connections);
    }

    public PlatformConnections Connections { get; }

    public Catalogue Catalogue { get; }

    public PlatformSchema Schema => new(ConnectionString);

    public ShardAddition Addition => new(Connections, Schema, TimeProvider.System);

    /// <summary>Empty, in databases of its own, which are dropped at the end.</summary>
    public static async Task<PlatformBed> CreateAsync(PostgresClusters clusters)
    {
        var bed = new PlatformBed(clusters, $"bed_{Interlocked.Increment(ref number)}", keep: false);
        await bed.CreateDatabasesAsync();
        return bed;
    }

    /// <summary>
    /// With 20 tenants that have one account each, in databases that tests share one after the other: for those that put back what
    /// they change, or are not disturbed by it.
    /// </summary>
    public static async Task<PlatformBed> SharedAsync(PostgresClusters clusters)
    {
        var bed = new PlatformBed(clusters, "shared", keep: true);
        if (!clusters.SharedIsMade)
        {
            await bed.CreateDatabasesAsync();
            await bed.TenantsAsync(await bed.RouterAsync(), 20);
            clusters.SharedIsMade = true;
        }

        return bed;
    }

    public string ConnectionString(string server, string role)
    {
        used[server] = true;
        return clusters[server].ConnectionString(database, role);
    }

    /// <summary>A router with a directory of its own, as another process would have it.</summary>
    public async Task<ShardRouter> RouterAsync(IShardDelay? delay = null) =>
        new(await ShardDirectory.LoadAsync(Catalogue, CancellationToken.None), delay, TimeProvider.System);

    /// <summary>Creates tenants 1 to <paramref name="count"/>, each with account 1.</summary>
    public async Task<long[]> TenantsAsync(ShardRouter router, int count)
    {
        var tenants = new Tenants(Catalogue, router, TimeProvider.System);
        var ids = Enumerable.Range(1, count).Select(i => (long)i).ToArray();
        await Parallel.ForEachAsync(ids, async (id, token) => await tenants.CreateAsync(id, $"tenant {id}", "free", Account(id), token));
        return ids;
    }

    /// <summary>Where a tenant lives now, by the catalogue.</summary>
    public async Task<Route> RouteAsync(long tenant) => (await Catalogue.ReadRoutesAsync(CancellationToken.None))[Buckets.Of(tenant)];

    /// <summary>Asks a server directly, as a role of the platform.</summary>
    public async Task<List<object[]>> AskAsync(string server, string role, string sql)
    {
        var settings = new NpgsqlConnectionStringBuilder(ConnectionString(server, role)) { Pooling = false };
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<object[]>();
        while (await reader.ReadAsync())
        {
            var row = new object[reader.FieldCount];
            reader.GetValues(row);
            rows.Add(row);
        }

        return rows;
    }

    public async ValueTask DisposeAsync()
    {
        await Connections.DisposeAsync();
        if (!keep)
        {
            await Task.WhenAll(used.Keys.Select(DropAsync));
        }
    }

    private static Action<NpgsqlBatch> Account(long tenant) => batch => batch.BatchCommands.Add(
        new NpgsqlBatchCommand("insert into shop.account values ($1, 1, 'a@example.com', 'A', now())")
        {
            Parameters = { new NpgsqlParameter<long> { TypedValue = tenant } },
        });

    private Task CreateDatabasesAsync() => Schema.CreateAsync(["shard-1", "shard-2", "shard-3", "shard-4"], CancellationToken.None);

    private async Task DropAsync(string server)
    {
        var settings = new NpgsqlConnectionStringBuilder(clusters[server].ConnectionString("postgres")) { Pooling = false };
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"drop database if exists {database} with (force)", connection);
        await command.ExecuteNonQueryAsync();
    }
}
