using Kpi.SamplePlatform.Sharding;
using Kpi.SamplePlatform.Shop.Statements;
using static Kpi.SamplePlatform.Shop.Statements.BatchExtensions;

namespace Kpi.SamplePlatform.Shop.Orders;

/// <summary>The orders of one account.</summary>
internal sealed class OrderStore(ShardRouter router)
{
    /// <summary>The newest first.</summary>
    public Task<List<ListedOrder>> ListAsync(long tenant, long account, int limit, CancellationToken cancellation) => router.RunAsync(
        tenant,
        batch => batch.Add(
            """
            select order_id, placed_at, total_cents from shop.orders
            where tenant_id = $1 and account_id = $2 order by order_id desc limit $3
            """,
            Of(tenant), Of(account), Of(limit)),
        static (reader, token) => reader.RowsAsync(
            static row => new ListedOrder(row.GetInt64(0), row.GetFieldValue<DateTimeOffset>(1), row.GetInt64(2)), token),
        cancellation);

    public Task<Order?> FindAsync(long tenant, long account, long id, CancellationToken cancellation) => router.RunAsync(
        tenant,
        batch => batch.Add(
            """
            select o.order_id, o.placed_at, o.total_cents, l.product_id, p.name, l.quantity, l.price_cents
            from shop.orders o join shop.order_line l using (tenant_id, order_id) join shop.product p using (tenant_id, product_id)
            where o.tenant_id = $1 and o.account_id = $2 and o.order_id = $3 order by l.product_id
            """,
            Of(tenant), Of(account), Of(id)),
        OrderRows.ReadAsync,
        cancellation);

    /// <summary>
    /// The same order, read as code does that asks for each product by itself: lines first, then <paramref name="queries"/> products one
    /// after the other. They are those of the lines and, when these are fewer, the ones that stand after them in the shop.
    /// </summary>
    public async Task<Order?> FindOneByOneAsync(long tenant, long account, long id, int queries, CancellationToken cancellation)
    {
        var order = await router.RunAsync(
            tenant,
            batch => batch.Add(
                """
                select o.order_id, o.placed_at, o.total_cents, l.product_id, '', l.quantity, l.price_cents
                from shop.orders o join shop.order_line l using (tenant_id, order_id)
                where o.tenant_id = $1 and o.account_id = $2 and o.order_id = $3 order by l.product_id
                """,
                Of(tenant), Of(account), Of(id)),
            OrderRows.ReadAsync,
            cancellation).ConfigureAwait(false);
        if (order is null)
        {
            return null;
        }

        var names = new Dictionary<long, string>(queries);
        foreach (var product in order.Lines.Select(l => l.Product).Concat(Following(order)).Take(Math.Max(queries, order.Lines.Count)))
        {
            names[product] = await NameAsync(tenant, product, cancellation).ConfigureAwait(false);
        }

        return order with { Lines = [.. order.Lines.Select(l => l with { Name = names[l.Product] })] };
    }

    private static IEnumerable<long> Following(Order order)
    {
        for (var id = order.Lines[^1].Product + 1; ; id++)
        {
            yield return id;
        }
    }

    private Task<string> NameAsync(long tenant, long product, CancellationToken cancellation) => router.RunAsync(
        tenant,
        batch => batch.Add("select name from shop.product where tenant_id = $1 and product_id = $2", Of(tenant), Of(product)),
        static async (reader, token) => await reader.ReadAsync(token).ConfigureAwait(false) ? reader.GetString(0) : "",
        cancellation);
}
