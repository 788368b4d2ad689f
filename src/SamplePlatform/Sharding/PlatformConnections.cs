using System.Collections.Concurrent;
using Npgsql;

namespace Kpi.SamplePlatform.Sharding;

/// <summary>
/// The connection string of a server (by name: <c>catalogue</c>, <c>shard-1</c> …) for a role; the platform's database is in it.
/// </summary>
internal delegate string ConnectionStringOf(string server, string role);

/// <summary>The pools of one process: per server and role one, made when first asked for. Owns them.</summary>
internal sealed class PlatformConnections(ConnectionStringOf connect, ILoggerFactory? logs = null) : IAsyncDisposable
{
    public const string CatalogueServer = "catalogue";

    /// <summary>Per shard: what two cores can use at once, many times over, and well below a cluster's 100.</summary>
    private const int MostRequests = 8;

    private const int MostReports = 4;

    /// <summary>A stopped server refuses at once; this is for one that says nothing, and long enough for one on a busy machine.</summary>
    private const int MostSecondsToConnect = 3;

    /// <summary>Bounded by servers × roles; nothing leaves it before the end.</summary>
    private readonly ConcurrentDictionary<string, Lazy<NpgsqlDataSource>> pools = new();

    public NpgsqlDataSource Catalogue => Pool(CatalogueServer, CatalogueServer, PlatformRoles.App, MostRequests);

    public Shard Shard(int id, string name) =>
        new(id, name, Pool(name, name, PlatformRoles.App, MostRequests), Pool($"{name}-reports", name, PlatformRoles.Report, MostReports));

    public NpgsqlDataSource Mover(string server) => Pool($"{server}-moves", server, PlatformRoles.Mover, MostReports);

    /// <summary>For a connection outside all pools.</summary>
    public string MoverString(string server) => connect(server, PlatformRoles.Mover);

    public async ValueTask DisposeAsync()
    {
        foreach (var pool in pools.Values)
        {
            await pool.Value.DisposeAsync().ConfigureAwait(false);
        }
    }

    private NpgsqlDataSource Pool(string name, string server, string role, int most) =>
        pools.GetOrAdd(name, _ => new Lazy<NpgsqlDataSource>(() => Build(name, connect(server, role), most))).Value;

    private NpgsqlDataSource Build(string name, string connectionString, int most)
    {
        var builder = new NpgsqlDataSourceBuilder(connectionString) { Name = name };
        builder.UseLoggerFactory(logs);
        var settings = builder.ConnectionStringBuilder;
        settings.MaxPoolSize = most;
        settings.Timeout = MostSecondsToConnect;
        settings.CommandTimeout = 5;
        settings.CancellationTimeout = 500;
        settings.MaxAutoPrepare = 64;
        settings.AutoPrepareMinUsages = 2;
        settings.NoResetOnClose = true; // all state is local to a transaction: enter's lock, tenant and bucket end with it
        return builder.Build();
    }
}
