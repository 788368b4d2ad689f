namespace Kpi.SamplePlatform.Shop.Orders;

/// <summary>What was bought, at the prices of that moment.</summary>
internal sealed record Order(long Id, DateTimeOffset PlacedAt, long TotalCents, IReadOnlyList<OrderLine> Lines);

/// <param name="PriceCents">Of one.</param>
internal sealed record OrderLine(long Product, string Name, int Quantity, long PriceCents);

/// <summary>A line of the list of orders.</summary>
internal sealed record ListedOrder(long Id, DateTimeOffset PlacedAt, long TotalCents);

/// <summary>What became of an attempt to order: an order, or why there is none.</summary>
internal sealed record Placement(PlacementResult Result, Order? Order = null, IReadOnlyList<long>? SoldOut = null);

internal enum PlacementResult
{
    /// <summary>Now, or before under the same key.</summary>
    Placed,
    EmptyCart,
    SoldOut,
    Cancelled,
}
