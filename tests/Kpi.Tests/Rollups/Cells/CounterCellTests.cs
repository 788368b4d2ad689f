using FsCheck;
using FsCheck.Fluent;
using Kpi.Rollups.Cells;

namespace Kpi.Tests.Rollups.Cells;

public sealed class CounterCellTests
{
    private static readonly Gen<CounterCell> Any =
        from increase in Gen.Choose(0, 1_000_000)
        from samples in Gen.Choose(0, 3)
        from first in Gen.Choose(1, 6)
        from last in Gen.Choose(6, 9)
        from raw in Gen.Elements(double.NaN, 0, -0.0, 1, 7.5, double.PositiveInfinity, double.MaxValue)
        from stale in ArbMap.Default.GeneratorFor<bool>()
        select samples == 0
            ? new CounterCell(new FixedSum(increase), 0, 0, 0, 0, false)
            : new CounterCell(new FixedSum(increase), samples, first, last, raw, stale);

    [Fact]
    public void Adding_commutes() =>
        Prop.ForAll(Any.Two().ToArbitrary(), two => two.Item1 + two.Item2 == two.Item2 + two.Item1)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    [Fact]
    public void Adding_associates() =>
        Prop.ForAll(Any.Three().ToArbitrary(), of => (of.Item1 + of.Item2) + of.Item3 == of.Item1 + (of.Item2 + of.Item3))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    [Fact]
    public void Nothing_adds_nothing() =>
        Prop.ForAll(Any.ToArbitrary(), cell => cell + default(CounterCell) == cell && default(CounterCell) + cell == cell)
            .Check(Config.QuickThrowOnFailure);

    [Fact]
    public void No_increase_is_lost_even_without_a_sample() =>
        Prop.ForAll(Gen.ArrayOf(Any).ToArbitrary(), cells =>
            cells.Aggregate(default(CounterCell), (sum, c) => sum + c).Increase.Nanos == cells.Sum(c => (long)c.Increase.Nanos))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void The_later_sample_decides_the_raw_value_and_the_end()
    {
        var early = new CounterCell(new FixedSum(5), 2, 10, 20, 100, true);
        var late = new CounterCell(new FixedSum(7), 1, 15, 30, 90, false);
        Assert.Equal(new CounterCell(new FixedSum(12), 3, 10, 30, 90, false), late + early);
    }

    [Fact]
    public void At_one_instant_a_total_beats_none()
    {
        var none = new CounterCell(new FixedSum(1), 1, 5, 5, double.NaN, true);
        var some = new CounterCell(new FixedSum(1), 1, 5, 5, -3, false);
        Assert.Equal(new CounterCell(new FixedSum(2), 2, 5, 5, -3, false), none + some);
    }
}
