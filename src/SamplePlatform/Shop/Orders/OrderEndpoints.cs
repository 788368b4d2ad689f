using Kpi.SamplePlatform.Faults.Switches;
using Kpi.SamplePlatform.Shop.Access;
using Kpi.SamplePlatform.Shop.Hosting;
using Microsoft.AspNetCore.Mvc;

namespace Kpi.SamplePlatform.Shop.Orders;

internal static class OrderEndpoints
{
    private const string KeyHeader = "Idempotency-Key";
    private const int LongestKey = 100;

    public static void MapOrders(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost("/orders", PlaceAsync);
        endpoints.MapGet("/orders", ListAsync);
        endpoints.MapGet("/orders/{id:long}", FindAsync);
    }

    private static async Task<IResult> PlaceAsync(
        Caller caller, [FromHeader(Name = KeyHeader)] string? key, OrderPlacement orders, CancellationToken cancellation)
    {
        if (string.IsNullOrWhiteSpace(key) || key.Length > LongestKey || key.Any(char.IsControl))
        {
            return Answers.Invalid(KeyHeader, $"the header {KeyHeader} is 1 to {LongestKey} characters");
        }

        var placement = await orders.PlaceAsync(caller.Tenant, caller.Account, key, cancellation).ConfigureAwait(false);
        return placement.Result switch
        {
            PlacementResult.Placed => Results.Created($"/orders/{placement.Order!.Id}", placement.Order),
            PlacementResult.SoldOut => Answers.Conflict($"not enough in stock of {string.Join(", ", placement.SoldOut!)}"),
            PlacementResult.Cancelled => Answers.Conflict("the subscription is cancelled"),
            _ => Answers.Conflict("the cart is empty"),
        };
    }

    private static async Task<IResult> ListAsync(
        Caller caller, OrderStore orders, CancellationToken cancellation, int limit = ListLimit.Default) => ListLimit.Problem(limit)
        ?? Results.Ok(await orders.ListAsync(caller.Tenant, caller.Account, limit, cancellation).ConfigureAwait(false));

    private static async Task<IResult> FindAsync(
        Caller caller, long id, OrderStore orders, QueryPerLine fault, CancellationToken cancellation)
    {
        var order = fault.Queries() is { } queries
            ? await orders.FindOneByOneAsync(caller.Tenant, caller.Account, id, queries, cancellation).ConfigureAwait(false)
            : await orders.FindAsync(caller.Tenant, caller.Account, id, cancellation).ConfigureAwait(false);
        return order is null ? Answers.NotFound() : Results.Ok(order);
    }
}
