using Kpi.SamplePlatform.Sharding;
using Kpi.SamplePlatform.Shop.Products;
using Kpi.SamplePlatform.Shop.Statements;
using Npgsql;
using static Kpi.SamplePlatform.Shop.Statements.BatchExtensions;

namespace Kpi.SamplePlatform.Shop.Orders;

/// <summary>
/// Turns a cart into an order, once per key, in one batch. The account's row is locked first, so that one account orders one after the
/// other; then the products, always in the order of their ids, so that no two orders wait for each other. Every statement after that sees
/// what the locks protect, and those that write do so only when this very order was inserted.
/// </summary>
internal sealed class OrderPlacement(ShardRouter router, ProductCatalogue catalogue, TimeOrderedId ids, TimeProvider time)
{
    private const string LockAccount = "select account_id from shop.account where tenant_id = $1 and account_id = $2 for no key update";

    private const string LockProducts =
        """
        select p.product_id from shop.cart_item c join shop.product p using (tenant_id, product_id)
        where c.tenant_id = $1 and c.account_id = $2 order by p.product_id for no key update of p
        """;

    private const string InsertOrder =
        """
        insert into shop.orders (tenant_id, order_id, account_id, placed_at, total_cents, idempotency_key)
        select $1, $3, $2, $4, sum(c.quantity * p.price_cents), $5
        from shop.cart_item c join shop.product p using (tenant_id, product_id)
        where c.tenant_id = $1 and c.account_id = $2 and exists (select from shop.tenant where tenant_id = $1 and cancelled is null)
        having count(*) > 0 and bool_and(p.stock >= c.quantity)
        on conflict (tenant_id, idempotency_key) do nothing
        """;

    private const string InsertLines =
        """
        insert into shop.order_line (tenant_id, order_id, product_id, quantity, price_cents)
        select $1, o.order_id, c.product_id, c.quantity, p.price_cents
        from shop.orders o join shop.cart_item c using (tenant_id, account_id) join shop.product p using (tenant_id, product_id)
        where o.tenant_id = $1 and o.order_id = $2
        """;

    private const string TakeStock =
        """
        update shop.product p set stock = p.stock - l.quantity from shop.order_line l
        where l.tenant_id = $1 and l.order_id = $2 and p.tenant_id = $1 and p.product_id = l.product_id
        """;

    private const string EmptyCart =
        """
        delete from shop.cart_item c using shop.orders o
        where o.tenant_id = $1 and o.order_id = $2 and c.tenant_id = $1 and c.account_id = o.account_id
        """;

    private const string ReadOrder =
        """
        select o.order_id, o.placed_at, o.total_cents, l.product_id, p.name, l.quantity, l.price_cents
        from shop.orders o join shop.order_line l using (tenant_id, order_id) join shop.product p using (tenant_id, product_id)
        where o.tenant_id = $1 and o.idempotency_key = $2 order by l.product_id
        """;

    /// <summary>Why not: the tenant has left, or which products are short.</summary>
    private const string ReadObstacles =
        """
        select t.cancelled is not null, c.product_id
        from shop.tenant t left join (shop.cart_item c join shop.product p using (tenant_id, product_id))
            on c.tenant_id = t.tenant_id and c.account_id = $2 and p.stock < c.quantity
        where t.tenant_id = $1 order by c.product_id
        """;

    /// <param name="key">The caller's name for this order; the same again gets the same order, and buys nothing.</param>
    public async Task<Placement> PlaceAsync(long tenant, long account, string key, CancellationToken cancellation)
    {
        var id = ids.Next(Buckets.Of(tenant));
        var placement = await router.RunAsync(
            tenant, batch => Fill(batch, tenant, account, id, $"{account}:{key}"), ReadAsync, cancellation).ConfigureAwait(false);

        // For an order of before too: whoever placed it may have died between its commit and this.
        await catalogue.SoldAsync(tenant, placement.Order?.Lines.Select(l => l.Product) ?? []).ConfigureAwait(false);
        return placement;
    }

    private void Fill(NpgsqlBatch batch, long tenant, long account, long id, string key)
    {
        batch.Add(LockAccount, Of(tenant), Of(account));
        batch.Add(LockProducts, Of(tenant), Of(account));
        batch.Add(InsertOrder, Of(tenant), Of(account), Of(id), Of(time.GetUtcNow()), Of(key));
        batch.Add(InsertLines, Of(tenant), Of(id));
        batch.Add(TakeStock, Of(tenant), Of(id));
        batch.Add(EmptyCart, Of(tenant), Of(id));
        batch.Add(ReadOrder, Of(tenant), Of(key));
        batch.Add(ReadObstacles, Of(tenant), Of(account));
    }

    /// <summary>Result sets: the two locks, the order, the obstacles.</summary>
    private static async Task<Placement> ReadAsync(NpgsqlDataReader reader, CancellationToken cancellation)
    {
        await reader.NextResultAsync(cancellation).ConfigureAwait(false);
        await reader.NextResultAsync(cancellation).ConfigureAwait(false);
        if (await OrderRows.ReadAsync(reader, cancellation).ConfigureAwait(false) is { } order)
        {
            return new(PlacementResult.Placed, order);
        }

        await reader.NextResultAsync(cancellation).ConfigureAwait(false);
        var obstacles = await reader.RowsAsync(
            static row => (Cancelled: row.GetBoolean(0), Product: row.IsDBNull(1) ? (long?)null : row.GetInt64(1)),
            cancellation).ConfigureAwait(false);
        var missing = obstacles.Select(o => o.Product).OfType<long>().ToArray();
        return obstacles.Any(o => o.Cancelled) ? new(PlacementResult.Cancelled)
            : missing.Length > 0 ? new(PlacementResult.SoldOut, SoldOut: missing)
            : new(PlacementResult.EmptyCart);
    }
}
