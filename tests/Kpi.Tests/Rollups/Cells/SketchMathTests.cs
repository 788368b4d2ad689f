using System.Numerics;
using Kpi.Rollups.Cells;

namespace Kpi.Tests.Rollups.Cells;

public sealed class SketchMathTests
{
    private const int MantissaBits = 52;

    // 1 ns to 292 years in seconds: all that a duration in nanoseconds can be.
    private static readonly int First = SketchMath.IndexOf(1e-9);
    private static readonly int Last = SketchMath.IndexOf(long.MaxValue / 1e9);

    [Fact]
    public void Every_edge_and_its_neighbours_lie_where_whole_numbers_put_them()
    {
        for (var index = First; index <= Last; index++)
        {
            var edge = SketchMath.UpperEdge(index);
            Assert.True(IsIn(edge, index), $"edge of {index}");
            Assert.True(IsIn(Math.BitDecrement(edge), index), $"under the edge of {index}");
            Assert.True(IsIn(Math.BitIncrement(edge), index + 1), $"above the edge of {index}");
            Assert.Equal(index, SketchMath.IndexOf(edge));
            Assert.Equal(index, SketchMath.IndexOf(Math.BitDecrement(edge)));
            Assert.Equal(index + 1, SketchMath.IndexOf(Math.BitIncrement(edge)));
        }
    }

    [Fact]
    public void Random_values_lie_where_whole_numbers_put_them()
    {
        var random = new Random(20261101);
        for (var round = 0; round < 20_000; round++)
        {
            var value = Math.Pow(2, (random.NextDouble() * 63.5) - 30);
            Assert.True(IsIn(value, SketchMath.IndexOf(value)), $"{value:R}");
        }
    }

    [Fact]
    public void Every_count_of_nanoseconds_up_to_100_000_lies_where_whole_numbers_put_it()
    {
        for (var nanos = 1; nanos <= 100_000; nanos += nanos < 2_000 ? 1 : 97)
        {
            Assert.True(IsIn(nanos / 1e9, SketchMath.IndexOf(nanos / 1e9)), $"{nanos} ns");
        }
    }

    [Fact]
    public void Powers_of_two_are_the_upper_edges_of_their_buckets()
    {
        for (var exponent = -1022; exponent <= 1023; exponent++)
        {
            var power = Math.ScaleB(1, exponent);
            Assert.Equal((exponent * 64) - 1, SketchMath.IndexOf(power));
            Assert.Equal(power, SketchMath.UpperEdge((exponent * 64) - 1));
            Assert.Equal(power, SketchMath.LowerEdge(exponent * 64));
        }
    }

    [Fact]
    public void Edges_grow_strictly()
    {
        for (var index = -1022 * 64; index < 1024 * 64 - 1; index++)
        {
            Assert.True(SketchMath.LowerEdge(index) < SketchMath.UpperEdge(index), $"bucket {index}");
        }
    }

    [Fact]
    public void The_index_never_falls_when_the_value_grows()
    {
        var random = new Random(20261102);
        double[] values = [.. Enumerable.Range(0, 50_000).Select(_ => Math.ScaleB(1 + random.NextDouble(), random.Next(-40, 40))).Order()];
        for (var i = 1; i < values.Length; i++)
        {
            Assert.True(SketchMath.IndexOf(values[i - 1]) <= SketchMath.IndexOf(values[i]));
        }
    }

    [Fact]
    public void The_middle_is_at_most_0_55_percent_away_from_all_of_its_bucket()
    {
        for (var index = First; index <= Last; index++)
        {
            var middle = SketchMath.Middle(index);
            Assert.InRange((SketchMath.UpperEdge(index) - middle) / SketchMath.UpperEdge(index), 0, 0.0055);
            Assert.InRange((middle - SketchMath.LowerEdge(index)) / SketchMath.LowerEdge(index), 0, 0.0055);
        }
    }

    // v = m·2^e lies in (2^(i/64), 2^((i+1)/64)] exactly when 2^i < m^64·2^(64e) ≤ 2^(i+1): whole numbers throughout.
    private static bool IsIn(double value, int index)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        var mantissa = (bits & ((1L << MantissaBits) - 1)) | (1L << MantissaBits);
        var exponent = (int)(bits >> MantissaBits) - 1023 - MantissaBits;
        var power = BigInteger.Pow(mantissa, 64);
        var below = index - (64 * exponent);
        return power > BigInteger.One << below && power <= BigInteger.One << (below + 1);
    }
}
