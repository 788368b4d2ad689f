using Kpi.Rollups.Store;
using Kpi.Rollups.Time;

namespace Kpi.Tests.Rollups.Time;

public sealed class TierMathTests
{
    private static readonly UnixNanos Midnight = UnixNanos.From(new DateTimeOffset(2026, 11, 22, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public void A_day_is_a_day_of_UTC_and_its_midnight_the_last_instant_of_the_day_before()
    {
        var last = Slice.Of(Midnight);
        var day = TierMath.CellOf(TimeTier.Days, last);
        Assert.Equal(Midnight, TierMath.SpanOf(TimeTier.Days, day).To);
        Assert.Equal(day + 1, TierMath.CellOf(TimeTier.Days, last.Plus(1)));
        Assert.Equal(8_640, TierMath.SpanOf(TimeTier.Days, day).Count);
    }

    [Fact]
    public void Every_slice_lies_in_its_cell_and_every_cell_in_its_period()
    {
        var random = new Random(20261122);
        foreach (var tier in TierMath.All)
        {
            for (var round = 0; round < 1_000; round++)
            {
                var slice = new Slice(random.Next(1, 900_000_000));
                var cell = TierMath.CellOf(tier, slice);
                Assert.True(TierMath.SpanOf(tier, cell).Contains(slice));
                Assert.InRange(cell - TierMath.FirstCellOf(tier, TierMath.PeriodOf(tier, cell)), 0, TierMath.CellsPerPeriod(tier) - 1);
            }
        }
    }

    [Theory]
    [InlineData(1_800, TimeTier.Slices)]
    [InlineData(1_810, TimeTier.Minutes)]
    [InlineData(21_600, TimeTier.Minutes)]
    [InlineData(21_610, TimeTier.Quarters)]
    [InlineData(2_592_000, TimeTier.Quarters)]
    public void Only_the_start_of_a_window_snaps(int seconds, TimeTier step)
    {
        var now = new UnixNanos(Midnight.Value + 12_345_678_901_234);
        var plain = SliceRange.EndingAt(now, TimeSpan.FromSeconds(seconds));
        var query = CellQuery.Trailing(now, TimeSpan.FromSeconds(seconds));
        Assert.Equal((step, plain.Last), (query.Step, query.Range.Last));
        Assert.Equal(0, (query.Range.First.Number - 1) % TierMath.SlicesOf(step));
        Assert.InRange(plain.First.Number - query.Range.First.Number, 0, TierMath.SlicesOf(step) - 1);
    }
}
