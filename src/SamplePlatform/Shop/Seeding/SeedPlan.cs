namespace Kpi.SamplePlatform.Shop.Seeding;

/// <summary>
/// How large the shop is before its first request. Tenants are numbered from 1, and so are each one's accounts and products.
/// </summary>
/// <param name="Users">All accounts together.</param>
/// <param name="ZipfExponent">The k-th tenant has accounts by 1 / k to this power, above those that each has.</param>
/// <param name="LeastAccounts">Accounts that each tenant has.</param>
internal sealed record SeedPlan(int Tenants, int Users, int ProductsPerTenant, double ZipfExponent = 0.99, int LeastAccounts = 20)
{
    /// <summary>Accounts of each tenant, the largest first; they add up to <see cref="Users"/> unless each has more.</summary>
    public int[] Accounts()
    {
        var weights = Enumerable.Range(1, Tenants).Select(k => Math.Pow(k, -ZipfExponent)).ToArray();
        var spread = Math.Max(0, Users - (Tenants * LeastAccounts));
        var (sum, before, upTo) = (weights.Sum(), 0L, 0.0);
        var accounts = new int[Tenants];
        for (var i = 0; i < Tenants; i++)
        {
            // Differences of a rounded running sum, so that rounding loses nobody.
            upTo += weights[i];
            var now = i == Tenants - 1 ? spread : (long)Math.Round(spread * upTo / sum);
            accounts[i] = LeastAccounts + (int)(now - before);
            before = now;
        }

        return accounts;
    }
}
