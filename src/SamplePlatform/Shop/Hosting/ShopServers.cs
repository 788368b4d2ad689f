using Kpi.SamplePlatform.Servers;

namespace Kpi.SamplePlatform.Shop.Hosting;

/// <summary>The servers of a platform by the names of their folders.</summary>
internal sealed class ShopServers(string folder)
{
    public const string RedisFolder = "redis";

    /// <summary>In every cluster the database of the platform has the same name.</summary>
    public const string Database = "shop";

    /// <exception cref="ServerException">There is no such server.</exception>
    public PostgresServer Postgres(string name) => PostgresServer.Open(Path.Combine(folder, name));

    /// <exception cref="ServerException">There is no such server.</exception>
    public RedisServer Redis() => RedisServer.Open(Path.Combine(folder, RedisFolder));

    /// <summary>As <see cref="Sharding.ConnectionStringOf"/>.</summary>
    public string ConnectionString(string server, string role) => Postgres(server).ConnectionString(Database, role);
}
