using FsCheck;
using FsCheck.Fluent;
using Kpi.Rollups.Cells;

namespace Kpi.Tests.Rollups.Cells;

public sealed class GaugeCellTests
{
    // Few offsets, so that samples of the same instant occur; quarters add up exactly.
    private static readonly Gen<(double Value, long Offset, bool End)> AnySample =
        from value in Gen.Frequency((8, Gen.Choose(-1_000, 1_000).Select(i => i / 4.0)), (1, Gen.Constant(double.NaN)))
        from offset in Gen.Choose(1, 6)
        from end in Gen.Choose(0, 6)
        select (value, (long)offset, end == 0);

    [Fact]
    public void Samples_add_up_the_same_in_any_order_and_grouping() => Prop.ForAll(Gen.NonEmptyListOf(AnySample).ToArbitrary(), given =>
    {
        GaugeCell[] cells = [.. given.Select(s => s.End ? GaugeCell.End(s.Offset) : GaugeCell.Of(s.Value, s.Offset))];
        var sum = cells.Aggregate((left, right) => left + right);
        Assert.Equal(sum, cells.Reverse().Aggregate((left, right) => right + left));
        Assert.Equal(sum, cells.Reverse().Aggregate((left, right) => left + right));
        var half = cells.Length / 2;
        Assert.True(half == 0 || sum == cells[..half].Aggregate((l, r) => l + r) + cells[half..].Aggregate((l, r) => l + r));

        double[] values = [.. given.Where(s => !s.End && !double.IsNaN(s.Value)).Select(s => s.Value)];
        Assert.Equal(values.Length, sum.Count);
        Assert.Equal(values.Sum(), sum.Sum.ToDouble());
        Assert.Equal((values.DefaultIfEmpty(double.PositiveInfinity).Min(), values.DefaultIfEmpty(double.NegativeInfinity).Max()), (sum.Min, sum.Max));
        Assert.Equal(given.Max(s => s.Offset), sum.LastOffset);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(400));

    [Fact]
    public void The_later_sample_is_the_last_and_a_value_wins_over_none_at_the_same_instant()
    {
        Assert.Equal(7, (GaugeCell.Of(7, 20) + GaugeCell.Of(9, 10)).Last);
        Assert.Equal(9, (GaugeCell.Of(7, 20) + GaugeCell.Of(9, 20)).Last);
        Assert.Equal(7, (GaugeCell.Of(7, 20) + GaugeCell.Of(double.NaN, 20)).Last);
        Assert.True((GaugeCell.Of(7, 10) + GaugeCell.End(20)) is { Stale: true, Count: 1, Min: 7 });
        Assert.False((GaugeCell.End(10) + GaugeCell.Of(7, 20)).Stale);
    }
}
