using Kpi.Rollups.Identity;
using Kpi.Rollups.Intake;
using Kpi.Rollups.Lanes;

namespace Kpi.Tests.Rollups.Lanes;

public sealed class SampledWeightTests
{
    private const int Slice = 1_000;

    [Theory]
    [InlineData(1.5, 3, 100)]
    [InlineData(10.0 / 3, 1, 300)]
    [InlineData(85.0 + (1.0 / 3), 3, 50)]
    public void Many_small_series_of_fractional_weights_are_right_together(double weight, int samples, int seriesCount)
    {
        var catalog = new SeriesCatalog(new RollupLimits());
        var cells = new LaneCells(catalog, lane: 0, lanes: 1, new IntakeTally());
        var batch = new SampleBatch();
        for (var i = 0; i < seriesCount; i++)
        {
            var series = catalog.GetOrAdd(SeriesKind.Distribution, "s", Labels.Of((LabelNames.MetricName, "m"), ("i", $"{i}")), out _);
            for (var sample = 0; sample < samples; sample++)
            {
                batch.Add(new DurationSample(1_000_000, series.Slot, Slice, (ulong)(weight * DurationSample.One)));
            }
        }

        cells.Apply(batch);

        var drained = cells.Drain(1).Distributions;
        var expected = weight * samples;
        Assert.All(drained, cell => Assert.InRange(cell.Cell.Count, expected - 0.5001, expected + 0.5001));
        Assert.Equal(samples * seriesCount, drained.Sum(cell => cell.Cell.Observed));
    }

    [Fact]
    public void A_whole_weight_is_taken_whole_however_long_it_goes_on()
    {
        var catalog = new SeriesCatalog(new RollupLimits());
        var series = catalog.GetOrAdd(SeriesKind.Distribution, "s", Labels.Of((LabelNames.MetricName, "m")), out _);
        var cells = new LaneCells(catalog, lane: 0, lanes: 1, new IntakeTally());
        var batch = new SampleBatch();
        for (var i = 0; i < 1_000; i++)
        {
            batch.Add(new DurationSample(1_000_000, series.Slot, Slice, 4 * DurationSample.One));
        }

        cells.Apply(batch);

        Assert.Equal(4_000, Assert.Single(cells.Drain(1).Distributions).Cell.Count);
    }
}
