using Kpi.SamplePlatform.Load;

namespace Kpi.Tests.SamplePlatform.Load;

public sealed class ZipfSamplerTests
{
    [Theory]
    [InlineData(1, 0.99)]
    [InlineData(20, 0.99)]
    [InlineData(1_000, 0.99)]
    [InlineData(50, 0)]
    [InlineData(200, 2)]
    public void Ranks_come_as_often_as_their_probability_says(int ranks, double exponent)
    {
        const int Draws = 200_000;
        var sampler = new ZipfSampler(ranks, exponent);
        var random = new Random(7);
        var counts = new long[ranks + 1];
        for (var i = 0; i < Draws; i++)
        {
            counts[sampler.Rank(random.NextDouble())]++;
        }

        var weights = Enumerable.Range(1, ranks).Select(k => Math.Pow(k, -exponent)).ToArray();
        for (var rank = 1; rank <= ranks; rank++)
        {
            var p = weights[rank - 1] / weights.Sum();
            Assert.InRange(counts[rank], (Draws * p) - (5 * Math.Sqrt(Draws * p)) - 1, (Draws * p) + (5 * Math.Sqrt(Draws * p)) + 1);
        }
    }

    [Fact]
    public void An_edge_belongs_to_the_next_rank_and_the_ends_are_the_first_and_the_last()
    {
        var halves = new ZipfSampler(2, 0);

        Assert.Equal([1, 1, 2, 2], new[] { 0, Math.BitDecrement(0.5), 0.5, Math.BitDecrement(1.0) }.Select(halves.Rank));
    }
}
