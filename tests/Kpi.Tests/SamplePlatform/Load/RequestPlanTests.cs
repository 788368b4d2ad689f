using FsCheck;
using FsCheck.Fluent;
using Kpi.SamplePlatform.Load;

namespace Kpi.Tests.SamplePlatform.Load;

public sealed class RequestPlanTests
{
    private static readonly LoadPreset Middle = LoadPreset.Find("100k")!;

    [Theory]
    [InlineData("1k", 0.58)]
    [InlineData("100k", 58)]
    [InlineData("1M", 580)]
    public void A_preset_is_the_peak_of_its_users(string users, double requestsPerSecond) =>
        Assert.Equal(requestsPerSecond, LoadPreset.Find(users)!.RequestsPerSecond, requestsPerSecond / 100);

    [Fact]
    public void One_seed_makes_one_sequence() =>
        Prop.ForAll<int>(seed => Take(seed, 300).SequenceEqual(Take(seed, 300))).QuickCheckThrowOnFailure();

    [Fact]
    public void Another_seed_makes_another_sequence() => Assert.NotEqual(Take(1, 10), Take(2, 10));

    [Fact]
    public void Requests_come_in_the_order_of_their_start_and_as_often_as_the_preset_says()
    {
        var requests = Take(3, 58_000);

        Assert.Equal(requests.Select(r => r.Due).Order(), requests.Select(r => r.Due));
        Assert.Equal(requests.Length, requests.Select(r => r.Sequence).Distinct().Count());

        // 1,000 s; the count of a Poisson process scatters by its root, the orders a little on top.
        Assert.InRange(requests.Length / requests[^1].Due.TotalSeconds, 58 * 0.97, 58 * 1.03);
    }

    [Fact]
    public void Gaps_are_exponential()
    {
        var draws = Take(4, 20_000).Where(r => r.Kind != RequestKind.PlaceOrder).Select(r => r.Due.TotalSeconds).ToArray();
        var gaps = draws.Zip(draws.Skip(1), (a, b) => b - a).ToArray();
        var mean = gaps.Average();

        // Of an exponential distribution 1/e lies above the mean; of an even beat all or nothing would.
        Assert.Equal(1 / Math.E, gaps.Count(g => g > mean) / (double)gaps.Length, 0.02);
    }

    [Fact]
    public void An_order_follows_a_cart_item_of_the_same_buyer_within_seconds()
    {
        var requests = Take(5, 5_000);
        var items = requests.Where(r => r.Kind == RequestKind.PutCartItem).ToLookup(r => (r.Tenant, r.Account, r.Product, r.Choice));
        var orders = requests.Where(r => r.Kind == RequestKind.PlaceOrder).ToArray();

        Assert.InRange(orders.Length, 100, 400);
        Assert.All(orders, order =>
        {
            var item = items[(order.Tenant, order.Account, order.Product, order.Choice)].Single();
            Assert.InRange((order.Due - item.Due).TotalSeconds, 1, 4);
        });
    }

    [Fact]
    public void Keys_are_seeded_ones_and_the_first_are_popular()
    {
        var requests = Take(6, 50_000);

        var accounts = Middle.Seed.Accounts();
        Assert.All(requests, r => Assert.InRange(r.Tenant, 1, Middle.Tenants));
        Assert.All(requests, r => Assert.InRange(r.Account, 1, accounts[r.Tenant - 1]));
        Assert.All(requests, r => Assert.InRange(r.Product, 1, Middle.Seed.ProductsPerTenant));
        var first = 1 / Enumerable.Range(1, Middle.Tenants).Sum(k => Math.Pow(k, -Middle.ZipfExponent));
        Assert.Equal(first, requests.Count(r => r.Tenant == 1) / 50_000.0, 0.02);
    }

    [Fact]
    public void Users_do_what_the_mix_says()
    {
        var kinds = Take(8, 100_000).CountBy(r => r.Kind).ToDictionary();
        var draws = 100_000 / RequestMix.RequestsPerDraw;

        foreach (var kind in Enum.GetValues<RequestKind>().Where(k => k != RequestKind.PlaceOrder))
        {
            var expected = draws * RequestMix.Share(kind);
            Assert.InRange(kinds[kind], expected - (5 * Math.Sqrt(expected)), expected + (5 * Math.Sqrt(expected)));
        }

        Assert.True(kinds[RequestKind.SignUp] > kinds[RequestKind.Cancel]);
    }

    private static PlannedRequest[] Take(int seed, int count)
    {
        var plan = new RequestPlan(Middle, seed);
        return [.. Enumerable.Range(0, count).Select(_ => plan.Next())];
    }
}
