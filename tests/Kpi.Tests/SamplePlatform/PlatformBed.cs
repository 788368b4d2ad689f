using System.Collections.Concurrent;
using Kpi.SamplePlatform.Sharding;
using Kpi.SamplePlatform.Sharding.Schema;
using Npgsql;

namespace Kpi.Tests.SamplePlatform;

/// <summary>A platform of four shards in databases of its own on the shared servers; they are dropped at the end.</summary>
internal sealed class PlatformBed : IAsyncDisposable
{
    private static int number;

    private readonly PostgresClusters clusters;
    private readonly string database = $"bed_{Interlocked.Increment(ref number)}";
    private readonly ConcurrentDictionary<string, bool> used = new();

    private PlatformBed(PostgresClusters clusters)
    {
        this.clusters = clusters;
        Connections = new PlatformConnections(ConnectionString);
        Catalogue = new Catalogue(Connections);
    }

    public PlatformConnections Connections { get; }

    public Catalogue Catalogue { get; }

    public static async Task<PlatformBed> CreateAsync(PostgresClusters clusters, int shards = 4)
    {
        var bed = new PlatformBed(clusters);
        await new PlatformSchema(bed.ConnectionString).CreateAsync(
            [.. Enumerable.Range(1, shards).Select(i => $"shard-{i}")], CancellationToken.None);
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
        foreach (var server in used.Keys)
        {
            var settings = new NpgsqlConnectionStringBuilder(clusters[server].ConnectionString("postgres")) { Pooling = false };
            await using var connection = new NpgsqlConnection(settings.ConnectionString);
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand($"drop database if exists {database} with (force)", connection);
            await command.ExecuteNonQueryAsync();
        }
    }

    private static Action<NpgsqlBatch> Account(long tenant) => batch => batch.BatchCommands.Add(new NpgsqlBatchCommand(
        "insert into shop.account values ($1, 1, 'a@example.com', 'A', now())") { Parameters = { new NpgsqlParameter<long> { TypedValue = tenant } } });
}
