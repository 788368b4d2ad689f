using Kpi.SamplePlatform.Shop.Access;
using Kpi.SamplePlatform.Shop.Hosting;
using Kpi.SamplePlatform.Telemetry;

namespace Kpi.SamplePlatform.Shop.Accounts;

internal static class AccountEndpoints
{
    private const int LongestName = 100;

    public static void MapAccounts(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost("/signup", SignUpAsync).ForEveryone();
        endpoints.MapGet("/account", async (Caller caller, AccountStore accounts, CancellationToken cancellation) =>
            Found(await accounts.FindOwnAsync(caller.Tenant, caller.Account, cancellation).ConfigureAwait(false)));
        endpoints.MapPut("/account/plan", ChangePlanAsync);
        endpoints.MapPost("/account/cancel", CancelAsync);
        endpoints.MapGet("/accounts/{id:long}", async (Caller caller, long id, AccountStore accounts, CancellationToken cancellation) =>
            Found(await accounts.FindAsync(caller.Tenant, id, cancellation).ConfigureAwait(false)));
    }

    private static async Task<IResult> SignUpAsync(
        SignUp asked, Subscriptions subscriptions, ShopTokens tokens, CancellationToken cancellation)
    {
        if (string.IsNullOrWhiteSpace(asked.Name) || asked.Name.Length > LongestName || asked.Name.Any(char.IsControl))
        {
            return Answers.Invalid("name", $"name is 1 to {LongestName} characters");
        }

        if (Plan.Find(asked.Plan) is not { } plan)
        {
            return NoSuchPlan();
        }

        var tenant = await subscriptions.StartAsync(asked.Name, plan, cancellation).ConfigureAwait(false);
        var token = tokens.Issue(tenant, Subscriptions.FirstAccount);
        return Results.Created("/account", new SignedUp(tenant, Subscriptions.FirstAccount, token));
    }

    private static async Task<IResult> ChangePlanAsync(
        Caller caller, PlanChange asked, Subscriptions subscriptions, CancellationToken cancellation)
    {
        if (Plan.Find(asked.Plan) is not { } plan)
        {
            return NoSuchPlan();
        }

        return await subscriptions.FindAsync(caller.Tenant, caller.Account, cancellation).ConfigureAwait(false) is not { } own
            ? Answers.NotFound()
            : await subscriptions.ChangeAsync(own, plan, cancellation).ConfigureAwait(false) ? Results.NoContent()
            : Answers.Conflict("the subscription is cancelled");
    }

    private static async Task<IResult> CancelAsync(Caller caller, Subscriptions subscriptions, CancellationToken cancellation)
    {
        if (await subscriptions.FindAsync(caller.Tenant, caller.Account, cancellation).ConfigureAwait(false) is not { } own)
        {
            return Answers.NotFound();
        }

        await subscriptions.CancelAsync(own, cancellation).ConfigureAwait(false);
        return Results.NoContent();
    }

    private static IResult Found(object? row) => row is null ? Answers.NotFound() : Results.Ok(row);

    private static IResult NoSuchPlan() => Answers.Invalid("plan", $"plan is one of {string.Join(", ", Plan.All.Select(p => p.Name))}");

    private sealed record SignUp(string? Name, string? Plan);

    private sealed record SignedUp(long Tenant, long Account, string Token);

    private sealed record PlanChange(string? Plan);
}
