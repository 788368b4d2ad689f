namespace Kpi.SamplePlatform.Shop.Seeding;

/// <summary>Made-up accounts and products, made by the shard itself.</summary>
internal static class Assortment
{
    /// <summary>Products of a tenant that signs up.</summary>
    public const int OfNewTenant = 50;

    /// <summary>More of each than a day of the busiest load sells.</summary>
    public const int Stock = 1_000_000;

    /// <summary>Parameters: tenant, first and last account, now.</summary>
    public const string InsertAccounts =
        """
        insert into shop.account (tenant_id, account_id, email, name, created)
        select $1, n, 'account-' || n || '@tenant-' || $1 || '.example', 'Account ' || n, $4 from generate_series($2, $3) n
        """;

    /// <summary>Parameters: tenant, number of products, stock of each. Prices: £2 to £52, as if at random.</summary>
    public const string InsertProducts =
        """
        insert into shop.product (tenant_id, product_id, name, price_cents, currency, stock)
        select $1, n, 'Product ' || n, 199 + (n::bigint * 7919) % 5000, 'GBP', $3 from generate_series(1, $2) n
        """;
}
