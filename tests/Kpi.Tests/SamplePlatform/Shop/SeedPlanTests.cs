using Kpi.SamplePlatform.Shop.Seeding;

namespace Kpi.Tests.SamplePlatform.Shop;

public sealed class SeedPlanTests
{
    [Theory]
    [InlineData(20, 1_000)]
    [InlineData(200, 100_000)]
    [InlineData(1_000, 1_000_000)]
    public void Accounts_add_up_to_the_users_and_follow_Zipf(int tenants, int users)
    {
        var accounts = new SeedPlan(tenants, users, 100).Accounts();

        Assert.Equal(users, accounts.Sum());
        Assert.All(accounts, a => Assert.True(a >= 20));
        var ratio = (accounts[0] - 20.0) / (accounts[9] - 20.0);
        Assert.InRange(ratio, Math.Pow(10, 0.99) * 0.95, Math.Pow(10, 0.99) * 1.05);
    }

    [Fact]
    public void Every_tenant_has_its_least_even_when_that_is_more_than_the_users() =>
        Assert.Equal([20, 20, 20], new SeedPlan(3, 10, 1).Accounts());
}
