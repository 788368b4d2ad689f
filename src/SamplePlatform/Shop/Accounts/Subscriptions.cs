using Kpi.SamplePlatform.Sharding;
using Kpi.SamplePlatform.Shop.Seeding;
using Kpi.SamplePlatform.Shop.Statements;
using Kpi.SamplePlatform.Telemetry;
using static Kpi.SamplePlatform.Shop.Statements.BatchExtensions;

namespace Kpi.SamplePlatform.Shop.Accounts;

/// <summary>Joining, changing the plan and leaving; each is told as an event once it is committed.</summary>
internal sealed class Subscriptions(Catalogue catalogue, Tenants tenants, AccountStore accounts, ShopEvents events, TimeProvider time)
{
    /// <summary>Of who signed up.</summary>
    public const long FirstAccount = 1;

    /// <returns>The new tenant, with one account and a small assortment.</returns>
    public async Task<long> StartAsync(string name, Plan plan, CancellationToken cancellation)
    {
        var tenant = await catalogue.NextTenantAsync(cancellation).ConfigureAwait(false);
        await tenants.CreateAsync(
            tenant,
            name,
            plan.Name,
            batch =>
            {
                batch.Add(Assortment.InsertAccounts, Of(tenant), Of(FirstAccount), Of(FirstAccount), Of(time.GetUtcNow()));
                batch.Add(Assortment.InsertProducts, Of(tenant), Of(Assortment.OfNewTenant), Of(Assortment.Stock));
            },
            cancellation).ConfigureAwait(false);
        events.SubscriptionStarted(tenant, plan);
        return tenant;
    }

    /// <summary>False when the tenant has left. To choose the plan one has changes nothing.</summary>
    public async Task<bool> ChangeAsync(OwnAccount own, Plan plan, CancellationToken cancellation)
    {
        if (own.Cancelled is null && own.Plan == plan.Name)
        {
            return true;
        }

        if (!await tenants.ChangePlanAsync(own.Tenant, plan.Name, cancellation).ConfigureAwait(false))
        {
            return false;
        }

        events.SubscriptionChanged(own.Tenant, plan);
        return true;
    }

    /// <summary>To leave again changes nothing.</summary>
    public async Task CancelAsync(OwnAccount own, CancellationToken cancellation)
    {
        if (own.Cancelled is null && await tenants.CancelAsync(own.Tenant, cancellation).ConfigureAwait(false))
        {
            events.SubscriptionCanceled(own.Tenant, Plan.Find(own.Plan) ?? new Plan(own.Plan, 0));
        }
    }

    public Task<OwnAccount?> FindAsync(long tenant, long account, CancellationToken cancellation) =>
        accounts.FindOwnAsync(tenant, account, cancellation);
}
