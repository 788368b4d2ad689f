using Kpi.SamplePlatform.Sharding;
using Kpi.SamplePlatform.Shop.Statements;
using Npgsql;
using static Kpi.SamplePlatform.Shop.Statements.BatchExtensions;

namespace Kpi.SamplePlatform.Shop.Carts;

/// <summary>The carts, each call one batch on the tenant's shard.</summary>
internal sealed class CartStore(ShardRouter router)
{
    public const int MostItems = 100;

    public Task<Cart> ReadAsync(long tenant, long account, CancellationToken cancellation) => router.RunAsync(
        tenant,
        batch => batch.Add(
            """
            select c.product_id, p.name, c.quantity, p.price_cents, p.currency
            from shop.cart_item c join shop.product p using (tenant_id, product_id)
            where c.tenant_id = $1 and c.account_id = $2 order by c.product_id
            """,
            Of(tenant), Of(account)),
        static async (reader, token) => new Cart(await reader.RowsAsync(Item, token).ConfigureAwait(false)),
        cancellation);

    /// <summary>Requests at the same moment may pass the limit of items; nothing depends on it but the size of an order.</summary>
    public Task<PutResult> PutAsync(
        long tenant, long account, long product, int quantity, CancellationToken cancellation) => router.RunAsync(
        tenant,
        batch =>
        {
            batch.Add(
                """
                select exists (select from shop.product p join shop.account a using (tenant_id)
                        where p.tenant_id = $1 and p.product_id = $3 and a.account_id = $2),
                    (select count(*) from shop.cart_item where tenant_id = $1 and account_id = $2 and product_id <> $3) < $4
                """,
                Of(tenant), Of(account), Of(product), Of(MostItems));
            batch.Add(
                """
                insert into shop.cart_item (tenant_id, account_id, product_id, quantity)
                select $1, a.account_id, p.product_id, $5 from shop.product p join shop.account a using (tenant_id)
                where p.tenant_id = $1 and p.product_id = $3 and a.account_id = $2
                    and (select count(*) from shop.cart_item where tenant_id = $1 and account_id = $2 and product_id <> $3) < $4
                on conflict (tenant_id, account_id, product_id) do update set quantity = excluded.quantity
                """,
                Of(tenant), Of(account), Of(product), Of(MostItems), Of(quantity));
        },
        static async (reader, token) =>
        {
            await reader.ReadAsync(token).ConfigureAwait(false);
            return (reader.GetBoolean(0), reader.GetBoolean(1)) switch
            {
                (false, _) => PutResult.NoSuchProduct,
                (_, false) => PutResult.CartFull,
                _ => PutResult.Done,
            };
        },
        cancellation);

    /// <summary>False when it was not in the cart.</summary>
    public Task<bool> RemoveAsync(long tenant, long account, long product, CancellationToken cancellation) => router.RunAsync(
        tenant,
        batch => batch.Add(
            "delete from shop.cart_item where tenant_id = $1 and account_id = $2 and product_id = $3 returning product_id",
            Of(tenant), Of(account), Of(product)),
        static (reader, token) => reader.ReadAsync(token),
        cancellation);

    private static CartItem Item(NpgsqlDataReader row) =>
        new(row.GetInt64(0), row.GetString(1), row.GetInt32(2), row.GetInt64(3), row.GetString(4));
}
