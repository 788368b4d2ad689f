using Npgsql;

namespace Kpi.SamplePlatform.Sharding;

/// <summary>
/// What the platform knows of a tenant stands in the catalogue and, for requests that must not ask it, on the tenant's shard. Each
/// change is made in the catalogue first and then on the shard, and can be repeated when the second failed.
/// </summary>
internal sealed class Tenants(Catalogue catalogue, ShardRouter router, TimeProvider clock)
{
    /// <summary>
    /// Repeating it with the same <paramref name="tenant"/> (from <see cref="Catalogue.NextTenantAsync"/>) completes what was begun.
    /// </summary>
    /// <param name="alongside">Adds what is created with the tenant, in the same transaction on its shard.</param>
    public async Task CreateAsync(long tenant, string name, string plan, Action<NpgsqlBatch>? alongside, CancellationToken cancellation)
    {
        await catalogue.AddAsync(tenant, name, plan, clock.GetUtcNow(), cancellation).ConfigureAwait(false);
        await router.RunAsync(
            tenant,
            batch =>
            {
                batch.BatchCommands.Add(Insert(tenant, name, plan));
                alongside?.Invoke(batch);
            },
            static (_, _) => Task.FromResult(true),
            cancellation).ConfigureAwait(false);
    }

    /// <summary>False when there is no such tenant, or it has cancelled.</summary>
    public async Task<bool> ChangePlanAsync(long tenant, string plan, CancellationToken cancellation) =>
        await catalogue.ChangePlanAsync(tenant, plan, cancellation).ConfigureAwait(false)
        && await ChangeAsync(tenant, "update shop.tenant set plan = $2 where tenant_id = $1", plan, cancellation).ConfigureAwait(false);

    /// <summary>False when there is no such tenant. To cancel again changes nothing.</summary>
    public async Task<bool> CancelAsync(long tenant, CancellationToken cancellation)
    {
        var at = clock.GetUtcNow();
        const string Sql = "update shop.tenant set cancelled = coalesce(cancelled, $2) where tenant_id = $1";
        return await catalogue.CancelAsync(tenant, at, cancellation).ConfigureAwait(false)
            && await ChangeAsync(tenant, Sql, at, cancellation).ConfigureAwait(false);
    }

    private static NpgsqlBatchCommand Insert(long tenant, string name, string plan) =>
        new("insert into shop.tenant (tenant_id, bucket, name, plan) values ($1, $2, $3, $4) on conflict do nothing")
        {
            Parameters =
            {
                new NpgsqlParameter<long> { TypedValue = tenant },
                new NpgsqlParameter<int> { TypedValue = Buckets.Of(tenant) },
                new NpgsqlParameter<string> { TypedValue = name },
                new NpgsqlParameter<string> { TypedValue = plan },
            },
        };

    private Task<bool> ChangeAsync<T>(long tenant, string sql, T value, CancellationToken cancellation) => router.RunAsync(
        tenant,
        batch => batch.BatchCommands.Add(new NpgsqlBatchCommand(sql)
        {
            Parameters = { new NpgsqlParameter<long> { TypedValue = tenant }, new NpgsqlParameter<T> { TypedValue = value } },
        }),
        static (reader, _) => Task.FromResult(reader.RecordsAffected > 0),
        cancellation);
}
