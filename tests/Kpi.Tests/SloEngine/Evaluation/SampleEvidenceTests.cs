using Kpi.Rollups.Cells;
using Kpi.Rollups.Reading;
using Kpi.SloEngine.Evaluation;

namespace Kpi.Tests.SloEngine.Evaluation;

public sealed class SampleEvidenceTests
{
    [Theory]
    [InlineData(300, 1, 0, 1, 300)]
    [InlineData(200, 3, 100, 4, 300)] // one in 3⅓
    [InlineData(200, 1, 100, 2, 300)] // one in 1⅓: the worst that one rate can make
    [InlineData(150, 1, 150, 2, 300)]
    [InlineData(1_000, 1, 10, 100, 39)] // two senders: ten spans speak for half of all requests
    [InlineData(0, 1, 0, 1, 0)]
    public void Weights_of_one_rate_cost_no_evidence_and_unequal_ones_do(int some, int weight, int others, int otherWeight, long evidence)
    {
        var sample = new Distribution();
        sample.Add(Cells.Of(EdgeSet.None, Enumerable.Repeat(0.1, some), (uint)weight));
        sample.Add(Cells.Of(EdgeSet.None, Enumerable.Repeat(0.1, others), (uint)otherWeight));
        Assert.Equal(evidence, sample.Evidence());
    }
}
