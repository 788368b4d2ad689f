using Kpi.SamplePlatform.Sharding;
using Kpi.SamplePlatform.Shop.Statements;
using static Kpi.SamplePlatform.Shop.Statements.BatchExtensions;

namespace Kpi.SamplePlatform.Shop.Accounts;

/// <summary>The accounts of a tenant, on its shard.</summary>
internal sealed class AccountStore(ShardRouter router)
{
    public Task<Account?> FindAsync(long tenant, long account, CancellationToken cancellation) => router.RunAsync(
        tenant,
        batch => batch.Add(
            "select account_id, name, email from shop.account where tenant_id = $1 and account_id = $2", Of(tenant), Of(account)),
        static async (reader, token) => await reader.ReadAsync(token).ConfigureAwait(false)
            ? new Account(reader.GetInt64(0), reader.GetString(1), reader.GetString(2))
            : null,
        cancellation);

    public Task<OwnAccount?> FindOwnAsync(long tenant, long account, CancellationToken cancellation) => router.RunAsync(
        tenant,
        batch => batch.Add(
            """
            select a.name, a.email, t.name, t.plan, t.cancelled
            from shop.account a join shop.tenant t using (tenant_id) where a.tenant_id = $1 and a.account_id = $2
            """,
            Of(tenant), Of(account)),
        async (reader, token) => await reader.ReadAsync(token).ConfigureAwait(false)
            ? new OwnAccount(
                tenant, account, reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3),
                reader.IsDBNull(4) ? null : reader.GetFieldValue<DateTimeOffset>(4))
            : null,
        cancellation);
}
