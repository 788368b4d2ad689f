using Npgsql;

namespace Kpi.SamplePlatform.Sharding;

/// <summary>The catalogue database as requests use it: the directory, and the list of tenants.</summary>
internal sealed class Catalogue(PlatformConnections connections)
{
    /// <summary>One route per bucket, in order of buckets.</summary>
    public Task<Route[]> ReadRoutesAsync(CancellationToken cancellation) => RunAsync(
        """
        select b.bucket, b.epoch, s.shard_id, s.name
        from catalogue.bucket b join catalogue.shard s using (shard_id)
        order by b.bucket
        """,
        [],
        async (reader, token) =>
        {
            var routes = new List<Route>(Buckets.Count);
            while (await reader.ReadAsync(token).ConfigureAwait(false))
            {
                var shard = connections.Shard(reader.GetInt32(2), reader.GetString(3));
                routes.Add(new Route(reader.GetInt32(0), shard, reader.GetInt32(1)));
            }

            return routes.ToArray();
        },
        cancellation);

    /// <summary>A tenant id nobody has had. Ids of a new platform begin at 1 and have no gaps as long as each is used.</summary>
    public Task<long> NextTenantAsync(CancellationToken cancellation) => RunAsync(
        "select nextval('catalogue.tenant_number')",
        [],
        async (reader, token) => await reader.ReadAsync(token).ConfigureAwait(false) ? reader.GetInt64(0) : 0,
        cancellation);

    /// <summary>Does nothing when the tenant is there already.</summary>
    public Task AddAsync(long tenant, string name, string plan, DateTimeOffset created, CancellationToken cancellation) => WriteAsync(
        "insert into catalogue.tenant (tenant_id, name, plan, created) values ($1, $2, $3, $4) on conflict do nothing",
        [Of(tenant), Of(name), Of(plan), Of(created)],
        cancellation);

    /// <summary>False when there is no such tenant, or it has cancelled.</summary>
    public Task<bool> ChangePlanAsync(long tenant, string plan, CancellationToken cancellation) => WriteAsync(
        "update catalogue.tenant set plan = $2 where tenant_id = $1 and cancelled is null",
        [Of(tenant), Of(plan)],
        cancellation);

    /// <summary>Keeps the instant of the first cancellation. False when there is no such tenant.</summary>
    public Task<bool> CancelAsync(long tenant, DateTimeOffset at, CancellationToken cancellation) => WriteAsync(
        "update catalogue.tenant set cancelled = coalesce(cancelled, $2) where tenant_id = $1",
        [Of(tenant), Of(at)],
        cancellation);

    private static NpgsqlParameter<T> Of<T>(T value) => new() { TypedValue = value };

    private Task<bool> WriteAsync(string sql, NpgsqlParameter[] parameters, CancellationToken cancellation) => RunAsync(
        sql, parameters, (reader, _) => Task.FromResult(reader.RecordsAffected > 0), cancellation);

    private async Task<T> RunAsync<T>(
        string sql, NpgsqlParameter[] parameters, Func<NpgsqlDataReader, CancellationToken, Task<T>> read, CancellationToken cancellation)
    {
        try
        {
            var command = connections.Catalogue.CreateCommand(sql);
            await using var _ = command.ConfigureAwait(false);
            command.Parameters.AddRange(parameters);
            var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
            await using var __ = reader.ConfigureAwait(false);
            return await read(reader, cancellation).ConfigureAwait(false);
        }
        catch (NpgsqlException e) when (Outage.Is(e))
        {
            throw new ShardUnavailableException(PlatformConnections.CatalogueServer, e.Message, e);
        }
    }
}
