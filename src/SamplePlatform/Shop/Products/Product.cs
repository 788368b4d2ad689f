namespace Kpi.SamplePlatform.Shop.Products;

/// <summary>What a tenant sells.</summary>
internal sealed record Product(long Id, string Name, long PriceCents, string Currency, int Stock);

/// <summary>A line of the list, without the stock: orders change that, and would empty the list from the cache each time.</summary>
internal sealed record ListedProduct(long Id, string Name, long PriceCents, string Currency);

/// <summary>A part of the list as it stands in the cache.</summary>
internal sealed record ProductPage(IReadOnlyList<ListedProduct> Products);
