using Kpi.SamplePlatform.Shop.Access;
using Kpi.SamplePlatform.Shop.Hosting;

namespace Kpi.SamplePlatform.Shop.Carts;

internal static class CartEndpoints
{
    private const int MostOfOne = 1_000;

    public static void MapCarts(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/cart", async (Caller caller, CartStore carts, CancellationToken cancellation) =>
            Results.Ok(await carts.ReadAsync(caller.Tenant, caller.Account, cancellation).ConfigureAwait(false)));
        endpoints.MapPut("/cart/items/{product:long}", PutAsync);
        endpoints.MapDelete("/cart/items/{product:long}", RemoveAsync);
    }

    private static async Task<IResult> RemoveAsync(Caller caller, long product, CartStore carts, CancellationToken cancellation) =>
        await carts.RemoveAsync(caller.Tenant, caller.Account, product, cancellation).ConfigureAwait(false)
            ? Results.NoContent()
            : Answers.NotFound();

    private static async Task<IResult> PutAsync(
        Caller caller, long product, CartChange change, CartStore carts, CancellationToken cancellation)
    {
        if (change.Quantity is not (>= 1 and <= MostOfOne))
        {
            return Answers.Invalid("quantity", $"quantity is 1 to {MostOfOne}");
        }

        return await carts.PutAsync(caller.Tenant, caller.Account, product, change.Quantity, cancellation).ConfigureAwait(false) switch
        {
            PutResult.Done => Results.NoContent(),
            PutResult.CartFull => Answers.Conflict($"a cart holds {CartStore.MostItems} products"),
            _ => Answers.NotFound(),
        };
    }

    private sealed record CartChange(int Quantity);
}
