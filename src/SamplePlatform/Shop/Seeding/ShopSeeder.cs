using Kpi.SamplePlatform.Sharding;
using Kpi.SamplePlatform.Shop.Statements;
using Kpi.SamplePlatform.Telemetry;
using static Kpi.SamplePlatform.Shop.Statements.BatchExtensions;

namespace Kpi.SamplePlatform.Shop.Seeding;

/// <summary>Fills a new platform, on the servers' side, so that a million accounts are a matter of seconds.</summary>
internal sealed class ShopSeeder(Catalogue catalogue, Tenants tenants, ShardRouter router, TimeProvider time)
{
    /// <summary>Tenants at once; they are on different shards, mostly.</summary>
    private const int AtOnce = 4;

    /// <summary>Far within the pool's command timeout, also on a busy machine.</summary>
    private const int AccountsPerStatement = 20_000;

    /// <param name="progress">Told the accounts made so far.</param>
    /// <exception cref="ShardUnavailableException">A database did not answer; what was made stays.</exception>
    /// <exception cref="InvalidOperationException">The platform has had tenants before.</exception>
    public async Task FillAsync(SeedPlan plan, IProgress<long>? progress, CancellationToken cancellation)
    {
        var accounts = plan.Accounts();
        var made = 0L;
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation };
        await Parallel.ForAsync(0, plan.Tenants, options, async (_, token) =>
        {
            var tenant = await catalogue.NextTenantAsync(token).ConfigureAwait(false);
            if (tenant > plan.Tenants)
            {
                throw new InvalidOperationException($"only a new platform can be seeded: the next tenant is {tenant}");
            }

            var count = accounts[tenant - 1];
            await CreateAsync(tenant, count, plan.ProductsPerTenant, token).ConfigureAwait(false);
            progress?.Report(Interlocked.Add(ref made, count));
        }).ConfigureAwait(false);
    }

    private async Task CreateAsync(long tenant, int accounts, int products, CancellationToken cancellation)
    {
        var plan = Plan.All[(int)(tenant % Plan.All.Count)];
        var now = time.GetUtcNow();
        await tenants.CreateAsync(
            tenant,
            $"Tenant {tenant}",
            plan.Name,
            batch => batch.Add(Assortment.InsertProducts, Of(tenant), Of(products), Of(Assortment.Stock)),
            cancellation).ConfigureAwait(false);
        for (long first = 1; first <= accounts; first += AccountsPerStatement)
        {
            var last = Math.Min(accounts, first + AccountsPerStatement - 1);
            await router.RunAsync(
                tenant,
                batch => batch.Add(Assortment.InsertAccounts, Of(tenant), Of(first), Of(last), Of(now)),
                static (_, _) => Task.FromResult(true),
                cancellation).ConfigureAwait(false);
        }
    }
}
