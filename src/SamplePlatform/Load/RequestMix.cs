namespace Kpi.SamplePlatform.Load;

/// <summary>
/// Which share of the requests does what. Far more looking than buying, as in shops; sign-ups lead cancellations, and both are rare:
/// at 58 requests/s about two sign-ups a minute, of which the smaller half leaves again.
/// </summary>
internal static class RequestMix
{
    // Per 10,000 draws. An order is not drawn: it follows a cart item that was put to buy it.
    private static readonly (RequestKind Kind, int Weight)[] Weights =
    [
        (RequestKind.BrowseProduct, 4_180),
        (RequestKind.ListProducts, 1_900),
        (RequestKind.GetCart, 1_000),
        (RequestKind.PutCartItem, 1_200),
        (RequestKind.GetOrder, 500),
        (RequestKind.ListOrders, 500),
        (RequestKind.GetAccount, 700),
        (RequestKind.ChangePlan, 8),
        (RequestKind.SignUp, 8),
        (RequestKind.Cancel, 4),
    ];

    private static readonly int Total = Weights.Sum(w => w.Weight);

    /// <summary>Cart items, by share, that are followed by an order.</summary>
    public static double OrdersPerCartItem => 0.35;

    /// <summary>Requests that one draw makes in the mean, because of the orders that follow.</summary>
    public static double RequestsPerDraw => 1 + (Share(RequestKind.PutCartItem) * OrdersPerCartItem);

    public static RequestKind Draw(double uniform)
    {
        var left = (int)(uniform * Total);
        foreach (var (kind, weight) in Weights)
        {
            left -= weight;
            if (left < 0)
            {
                return kind;
            }
        }

        return RequestKind.BrowseProduct;
    }

    /// <summary>Of the draws, 0..1.</summary>
    public static double Share(RequestKind kind) => (double)Weights.Where(w => w.Kind == kind).Sum(w => w.Weight) / Total;
}
