using FsCheck;
using FsCheck.Fluent;
using Kpi.Rollups.Cells;
using Kpi.Rollups.Store.Blocks;

namespace Kpi.Tests.Rollups.Store.Blocks;

public sealed class CounterBlockTests
{
    /// <summary>Written by hand from <c>docs/formats/blocks.md</c>: series 299 lost 5 and ended; series 300 gained 1.5 in two samples.</summary>
    private const string Golden = """
        02  00
        02 01 02  AB 02  00 02
        00 00  00 00
        01  01 0C FF C7 AF A0 25 01 80 84 F1 B6 30 01
        02 03 02 01 02
        02 03 02 03 06
        01 08 00 01 FE 8F DF C0 4A 01
        02 03 00 01 01
        02  00 02  01 15 FF FF FF FF FF FF FF FF FF 01 01 FF FF FF FF FF FF DA EC 7E 01
        """;

    private static readonly PlacedCounter[] Cells =
    [
        new(new CellPlace(299, 0), new CounterCell(new FixedSum(-5_000_000_000), 1, 7, 7, -0.0, true)),
        new(new CellPlace(300, 0), new CounterCell(new FixedSum(1_500_000_000), 2, 1, 10_000_000_000, 1234.5, false)),
    ];

    private static readonly Gen<CounterCell> AnyCell =
        from increase in Gen.OneOf(Between.Of(0, 1_000).Select(i => (Int128)i * 1_000_000_000), Between.Of(long.MinValue / 2, long.MaxValue / 2).Select(i => (Int128)i), Between.Of(2, long.MaxValue).Select(i => (Int128)i * -i))
        from samples in Between.Of(0, long.MaxValue)
        from first in Gen.Choose(0, int.MaxValue)
        from last in Between.Of(0, 10_000_000_000)
        from raw in Gen.OneOf(ArbMap.Default.GeneratorFor<double>(), Gen.Choose(0, 1_000_000).Select(i => (double)i), Gen.Choose(0, 1_000_000).Select(i => i / 1_000.0), Gen.Constant(double.NaN))
        from stale in ArbMap.Default.GeneratorFor<bool>()
        select new CounterCell(new FixedSum(increase), samples, first, last, raw, stale);

    [Fact]
    public void The_writer_writes_the_block_written_by_hand() => Assert.Equal(Hex.Bytes(Golden), BlockWalk.Write(Cells));

    [Fact]
    public void A_block_written_by_hand_is_read_to_the_last_bit()
    {
        var read = BlockWalk.Counters(Hex.Bytes(Golden));
        Assert.Equal(Cells, read);
        Assert.True(double.IsNegative(read[0].Cell.LastRaw));
    }

    [Fact]
    public void What_is_written_is_read()
    {
        var any =
            from cells in Gen.ArrayOf(from series in Gen.Choose(0, 40) from time in Gen.Choose(0, 11) from cell in AnyCell select new PlacedCounter(new CellPlace(series * 1_000_003, time), cell))
            select cells.DistinctBy(c => c.Place).OrderBy(c => c.Place.Time).ThenBy(c => c.Place.Series).ToArray();
        Prop.ForAll(any.ToArbitrary(), cells =>
        {
            var key = CounterBlockWriter.KeyOf(cells);
            Assert.Equal(cells, BlockWalk.Counters(BlockWalk.Write(cells, span: 12)));
            PlacedCounter[] later = [.. cells.Select(c => new PlacedCounter(c.Place, c.Cell with { LastRaw = c.Cell.LastRaw + 1 }))];
            Assert.Equal(later, BlockWalk.Counters(BlockWalk.Write(later, span: 12, key: 7, key), key));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    [Fact]
    public void A_full_block_of_running_totals_takes_three_bytes_a_cell_and_two_on_a_key()
    {
        var random = new Random(1);
        long[] totals = [.. Enumerable.Range(0, 1_024).Select(_ => (long)random.Next(1 << 20))];
        var before = Full(totals, random);
        var bytes = BlockWalk.Write(before).Length;
        Assert.InRange(bytes, 1_024, 1_024 * 4);
        var key = CounterBlockWriter.KeyOf(before);
        PlacedCounter[] last = [];
        for (var slice = 0; slice < 29; slice++)
        {
            last = Full(totals, random);
        }

        var keyed = BlockWalk.Write(last, key: 9, totals: key);
        Assert.Equal(last, BlockWalk.Counters(keyed, key));
        Assert.InRange(keyed.Length, 1_024, 1_024 * 2);
    }

    private static PlacedCounter[] Full(long[] totals, Random random) => [.. totals.Select((_, i) =>
    {
        var increase = random.Next(12);
        return new PlacedCounter(new CellPlace(i, 0), new CounterCell(FixedSum.From(increase), 1, 4_000, 4_000, totals[i] += increase, false));
    })];
}
