using Kpi.SamplePlatform.Faults.Switches;
using Kpi.SamplePlatform.Shop.Access;
using Kpi.SamplePlatform.Shop.Hosting;

namespace Kpi.SamplePlatform.Shop.Products;

internal static class ProductEndpoints
{
    public static void MapProducts(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/products", ListAsync);
        endpoints.MapGet("/products/{id:long}", FindAsync);
    }

    private static async Task<IResult> ListAsync(
        Caller caller, ProductCatalogue catalogue, SlowRelease release, CancellationToken cancellation,
        long after = 0, int limit = ListLimit.Default)
    {
        if (ListLimit.Problem(limit) is { } problem)
        {
            return problem;
        }

        await release.DelayAsync(cancellation).ConfigureAwait(false);
        return Results.Ok(await catalogue.ListAsync(caller.Tenant, after, limit, cancellation).ConfigureAwait(false));
    }

    private static async Task<IResult> FindAsync(
        Caller caller, long id, ProductCatalogue catalogue, ErrorRoute errors, CancellationToken cancellation)
    {
        errors.MayFail();
        return await catalogue.FindAsync(caller.Tenant, id, cancellation).ConfigureAwait(false) is { } product
            ? Results.Ok(product)
            : Answers.NotFound();
    }
}
