using System.Globalization;
using Kpi.SamplePlatform.Caching;
using Kpi.SamplePlatform.Sharding;
using Kpi.SamplePlatform.Shop.Statements;
using Npgsql;
using static Kpi.SamplePlatform.Shop.Statements.BatchExtensions;

namespace Kpi.SamplePlatform.Shop.Products;

/// <summary>A tenant's products, read through the cache.</summary>
internal sealed class ProductCatalogue(ShardRouter router, TenantCache<Product> products, TenantCache<ProductPage> pages)
{
    public Task<Product?> FindAsync(long tenant, long id, CancellationToken cancellation) =>
        products.ReadAsync(tenant, Text(id), token => LoadAsync(tenant, id, token), cancellation);

    public async Task<IReadOnlyList<ListedProduct>> ListAsync(long tenant, long after, int limit, CancellationToken cancellation)
    {
        var key = string.Create(CultureInfo.InvariantCulture, $"{after}+{limit}");
        Task<ProductPage?> Load(CancellationToken token) => LoadPageAsync(tenant, after, limit, token);
        var page = await pages.ReadAsync(tenant, key, Load, cancellation).ConfigureAwait(false);
        return page!.Products;
    }

    /// <summary>Their stock has changed, and is committed.</summary>
    public Task SoldAsync(long tenant, IEnumerable<long> ids) => products.ForgetAsync(tenant, ids.Select(Text));

    private static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);

    private Task<Product?> LoadAsync(long tenant, long id, CancellationToken cancellation) => router.RunAsync(
        tenant,
        batch => batch.Add(
            "select product_id, name, price_cents, currency, stock from shop.product where tenant_id = $1 and product_id = $2",
            Of(tenant), Of(id)),
        static async (reader, token) => await reader.ReadAsync(token).ConfigureAwait(false)
            ? new Product(reader.GetInt64(0), reader.GetString(1), reader.GetInt64(2), reader.GetString(3), reader.GetInt32(4))
            : null,
        cancellation);

    private Task<ProductPage?> LoadPageAsync(long tenant, long after, int limit, CancellationToken cancellation) => router.RunAsync(
        tenant,
        batch => batch.Add(
            """
            select product_id, name, price_cents, currency from shop.product
            where tenant_id = $1 and product_id > $2 order by product_id limit $3
            """,
            Of(tenant), Of(after), Of(limit)),
        static async (reader, token) => (ProductPage?)new ProductPage(await reader.RowsAsync(Listed, token).ConfigureAwait(false)),
        cancellation);

    private static ListedProduct Listed(NpgsqlDataReader row) => new(row.GetInt64(0), row.GetString(1), row.GetInt64(2), row.GetString(3));
}
