using FsCheck;
using FsCheck.Fluent;
using Kpi.SamplePlatform.Sharding;

namespace Kpi.Tests.SamplePlatform.Sharding;

public sealed class JumpHashTests
{
    /// <summary>Vectors of other implementations of the paper, kept with their source in reference/platform.md 4.1.</summary>
    [Theory]
    [InlineData(1, 1, 0)]
    [InlineData(42, 57, 43)]
    [InlineData(0xDEAD10CC, 1, 0)]
    [InlineData(0xDEAD10CC, 666, 361)]
    [InlineData(256, 1024, 520)]
    public void Known_keys_have_the_known_buckets(ulong key, int buckets, int expected) =>
        Assert.Equal(expected, JumpHash.Of(key, buckets));

    [Fact]
    public void One_bucket_more_moves_keys_only_into_the_new_one()
    {
        var keys = ArbMap.Default.ArbFor<ulong>();
        var counts = Gen.Choose(1, 500).ToArbitrary();
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000), Prop.ForAll(keys, counts, (key, count) =>
        {
            var after = JumpHash.Of(key, count + 1);
            return after == count || after == JumpHash.Of(key, count);
        }));
    }

    [Fact]
    public void A_fifth_bucket_takes_a_fifth_of_the_keys()
    {
        const int Keys = 200_000;
        var random = new Random(1);
        var moved = Enumerable.Range(0, Keys).Count(_ => JumpHash.Of((ulong)random.NextInt64(long.MinValue, long.MaxValue), 5) == 4);
        Assert.InRange(moved / (double)Keys, 0.195, 0.205);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Without_buckets_there_is_no_answer(int buckets) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => JumpHash.Of(1, buckets));
}
