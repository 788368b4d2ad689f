using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using Kpi.Rollups.Cells;

namespace Kpi.Tests.Rollups.Cells;

public sealed class FixedSumTests
{
    private static readonly Gen<double> AnyDouble = ArbMap.Default.GeneratorFor<double>();

    [Fact]
    public void A_sum_is_the_same_in_any_order()
    {
        var random = new Random(20261103);
        double[] values = [.. Enumerable.Range(0, 10_000).Select(_ => Math.ScaleB(random.NextDouble() - 0.5, random.Next(-30, 60)))];
        var forth = values.Aggregate(FixedSum.Zero, (sum, v) => sum + FixedSum.From(v));
        random.Shuffle(values);
        Assert.Equal(forth, values.Aggregate(FixedSum.Zero, (sum, v) => sum + FixedSum.From(v)));
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(1e-9, "1")]
    [InlineData(-0.15, "-150000000")]
    [InlineData(0.3, "300000000")]
    [InlineData(4e-10, "0")]
    [InlineData(double.NaN, "0")]
    [InlineData(12_345_678_901, "12345678901000000000")]
    [InlineData(9_007_199_254_740_991, "9007199254740991000000000")]
    [InlineData(-123_456_789_012_345, "-123456789012345000000000")]
    public void A_value_becomes_the_nearest_billionths(double value, string nanos) =>
        Assert.Equal(Int128.Parse(nanos, null), FixedSum.From(value).Nanos);

    [Fact]
    public void Whole_numbers_that_a_double_holds_come_back_exactly() => Prop.ForAll(
        Between.Of(-(1L << 53), 1L << 53).ToArbitrary(),
        whole => FixedSum.From(whole).Nanos == (Int128)whole * 1_000_000_000 && FixedSum.From(whole).ToDouble() == whole)
        .Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

    [Fact]
    public void Values_in_reach_are_met_to_half_a_billionth()
    {
        var random = new Random(20261104);
        for (var round = 0; round < 10_000; round++)
        {
            var value = Math.ScaleB(random.NextDouble() - 0.5, random.Next(-30, 90));
            var off = (BigInteger)FixedSum.From(value).Nanos * (BigInteger.One << 1074) - ScaledUp(value) * 1_000_000_000;
            Assert.True(BigInteger.Abs(off) * 2 <= (BigInteger.One << 1074) * 1_000_001 / 1_000_000, $"{value:R}");
        }

        // value · 2^1074: a whole number for every double.
        static BigInteger ScaledUp(double value)
        {
            var bits = BitConverter.DoubleToInt64Bits(Math.Abs(value));
            var exponent = (int)(bits >> 52);
            var mantissa = (bits & ((1L << 52) - 1)) | (exponent == 0 ? 0 : 1L << 52);
            return Math.Sign(value) * ((BigInteger)mantissa << Math.Max(0, exponent - 1));
        }
    }

    [Theory]
    [InlineData(2e29)]
    [InlineData(1e300)]
    [InlineData(double.PositiveInfinity)]
    public void Beyond_its_reach_a_sum_stays_at_its_end(double huge)
    {
        Assert.Equal(Int128.MaxValue, FixedSum.From(huge).Nanos);
        Assert.Equal(Int128.MinValue, FixedSum.From(-huge).Nanos);
        Assert.Equal(Int128.MaxValue, (FixedSum.From(huge) + FixedSum.From(huge)).Nanos);
        Assert.Equal(Int128.MaxValue, (FixedSum.From(huge) + FixedSum.From(1)).Nanos);
        Assert.Equal(Int128.MinValue, (FixedSum.From(-huge) + FixedSum.From(-1)).Nanos);
    }

    [Fact]
    public void Adding_commutes_for_any_two_values() => Prop.ForAll(
        AnyDouble.Two().ToArbitrary(),
        two => FixedSum.From(two.Item1) + FixedSum.From(two.Item2) == FixedSum.From(two.Item2) + FixedSum.From(two.Item1))
        .Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));
}
