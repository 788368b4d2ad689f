namespace Kpi.SamplePlatform.Shop.Carts;

/// <summary>What an account is about to buy, at today's prices.</summary>
internal sealed record Cart(IReadOnlyList<CartItem> Items)
{
    public long TotalCents => Items.Sum(i => i.Quantity * i.PriceCents);
}

internal sealed record CartItem(long Product, string Name, int Quantity, long PriceCents, string Currency);

/// <summary>What became of putting something into a cart.</summary>
internal enum PutResult
{
    Done,
    NoSuchProduct,
    CartFull,
}
