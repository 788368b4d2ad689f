using FsCheck;
using FsCheck.Fluent;
using Kpi.SamplePlatform.Sharding;

namespace Kpi.Tests.SamplePlatform.Sharding;

public sealed class BucketsTests
{
    [Fact]
    public void Every_tenant_has_one_of_the_buckets() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000), Prop.ForAll(
        ArbMap.Default.ArbFor<long>(), tenant => Buckets.Of(tenant) is >= 0 and < Buckets.Count));

    /// <summary>Rows lie where these answers say, so a change of the hash would lose them. From a second implementation (Python).</summary>
    [Theory]
    [InlineData(1, 72)]
    [InlineData(2, 19)]
    [InlineData(3, 72)]
    [InlineData(1000, 113)]
    [InlineData(123456789, 108)]
    [InlineData(long.MaxValue, 108)]
    [InlineData(-1, 26)]
    public void A_key_never_changes_its_bucket(long tenant, int bucket) => Assert.Equal(bucket, Buckets.Of(tenant));

    [Fact]
    public void Consecutive_tenants_spread_evenly()
    {
        const int Tenants = 240_000;
        var sizes = Enumerable.Range(1, Tenants).CountBy(t => Buckets.Of(t)).Select(b => b.Value).ToArray();
        Assert.Equal(Buckets.Count, sizes.Length);
        // Mean 2,000, standard deviation 45: five of them.
        Assert.All(sizes, size => Assert.InRange(size, 1775, 2225));
    }
}
