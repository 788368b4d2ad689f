using FsCheck;
using FsCheck.Fluent;
using Kpi.Rollups.Cells;
using Kpi.Rollups.Store.Blocks;

namespace Kpi.Tests.Rollups.Store.Blocks;

public sealed class CounterBlockTests
{
    /// <summary>Written by hand from <c>docs/formats/blocks.md</c>: series 300 gained 1.5 in two samples; series 299 lost 5 and ended.</summary>
    private const string Golden = """
        01 02
        D8 04
        00 2F 68 59 00 00 00 00 00 00 00 00 00 00 00 00
        02  01  80 C8 AF A0 25
        00 00 00 00 00 4A 93 40
        00
        01
        00 0E FA D5 FE FF FF FF FF FF FF FF FF FF FF FF
        01  07  07
        00 00 00 00 00 00 00 80
        01
        """;

    private static readonly NumberedCounter[] Cells =
    [
        new(300, new CounterCell(new FixedSum(1_500_000_000), 2, 1, 10_000_000_000, 1234.5, false)),
        new(299, new CounterCell(new FixedSum(-5_000_000_000), 1, 7, 7, -0.0, true)),
    ];

    [Fact]
    public void A_block_written_by_hand_is_read()
    {
        var read = BlockWalk.Counters(Hex.Bytes(Golden));
        Assert.Equal(Cells, read);
        Assert.True(double.IsNegative(read[1].Cell.LastRaw));
    }

    [Fact]
    public void The_writer_writes_the_block_written_by_hand()
    {
        var sink = new ByteSink();
        CounterBlock.Write(sink, Cells);
        Assert.Equal(Hex.Bytes(Golden), sink.Written.ToArray());
    }

    [Fact]
    public void What_is_written_is_read()
    {
        var any =
            from series in Between.Of(0, long.MaxValue)
            from increase in Between.Of(long.MinValue / 2, long.MaxValue / 2)
            from samples in Between.Of(0, long.MaxValue)
            from first in Gen.Choose(0, int.MaxValue)
            from last in Between.Of(0, 10_000_000_000)
            from raw in ArbMap.Default.GeneratorFor<double>()
            from stale in ArbMap.Default.GeneratorFor<bool>()
            select new NumberedCounter(series, new CounterCell(new FixedSum((Int128)increase * increase * Math.Sign(increase)), samples, first, last, raw, stale));
        Prop.ForAll(Gen.ArrayOf(any).ToArbitrary(), cells =>
        {
            var sink = new ByteSink();
            CounterBlock.Write(sink, cells);
            Assert.Equal(cells, BlockWalk.Counters(sink.Written));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }
}
