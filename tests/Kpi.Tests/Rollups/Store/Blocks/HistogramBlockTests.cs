using FsCheck;
using FsCheck.Fluent;
using Kpi.Rollups.Cells;
using Kpi.Rollups.Store.Blocks;
using Kpi.Tests.Rollups.Cells;

namespace Kpi.Tests.Rollups.Store.Blocks;

public sealed class HistogramBlockTests
{
    /// <summary>Written by hand from <c>docs/formats/blocks.md</c>; the plain bytes here before Brotli.</summary>
    private const string GoldenHead = "02  02 01 02  05  00 02  00 00  00 00";

    private const string GoldenPlain = """
        02
        03  00 00 00 00 00 00 F0 3F  00 00 00 00 00 00 04 40
        00  06  00 00 00 00 00 00 00 00
        00 06 02   01 31 01
        09   07 E8 07 05
        80 B4 C4 C3 21  00 00 00 00 00 00 E0 3F  00 00 00 00 00 00 08 40   80 D0 AC F3 0E
        00  01 00 01
        01  01  01 03 02  00
        01  02  01 03 05  00
        """;

    private const long Offsets = 10_000_000_000;

    private static readonly Gen<HistogramCell> AnyCell =
        from given in Counted.AnyCell
        from told in Gen.Elements(true, false)
        from offset in Between.Of(0, Offsets)
        from outside in Gen.Frequency((4, Gen.Constant(0L)), (1, Gen.Choose(1, 9).Select(i => (long)i)), (1, Gen.Constant(long.MaxValue)))
        from stale in Gen.Elements(true, false)
        from sum in Gen.Choose(0, 3)
        from totals in Gen.Choose(0, 2)
        from start in Between.Of(0, long.MaxValue)
        select Make(given.Layout, given.Values, told, offset, outside, stale, sum, totals, start);

    [Fact]
    public void A_block_written_by_hand_is_read()
    {
        var read = BlockWalk.Histograms(Block());
        Assert.Equal([new CellPlace(5, 0), new CellPlace(6, 0)], read.Select(r => r.Place));
        Assert.Equal("[1 2.5] 2 0 4500000000 +0:1,2:1 - 0.5..3 2 9 False; no totals", read[0].Cell);
        Assert.Equal("2^-3±0 4 1 none +-2:2 - NaN..NaN 1 7 True; 1000 5 2^-3±0 8 2 2000000000 +-2:5 -", read[1].Cell);
    }

    [Fact]
    public void The_writer_writes_the_block_written_by_hand()
    {
        var explicitly = new HistogramCell();
        explicitly.Reset(HistogramLayout.Of([1, 2.5]));
        (explicitly.Increase.Count, explicitly.Increase.Sum, explicitly.Min, explicitly.Max) = (2, FixedSum.From(4.5), 0.5, 3);
        explicitly.Increase.Positive.Add(0, [1, 0, 1]);
        explicitly.NoteSample(2, 9, stale: false);

        var exponential = new HistogramCell();
        exponential.Reset(HistogramLayout.Of(3, 0));
        (exponential.Increase.Count, exponential.Increase.Zeros, exponential.Increase.Sum, exponential.Min, exponential.Max) = (4, 1, null, double.NaN, double.NaN);
        exponential.Increase.Positive.Add(-4, [0, 0, 2, 0]);
        exponential.NoteSample(1, 7, stale: true);
        var totals = new HistogramCounts();
        totals.Reset(exponential.Increase.Layout);
        (totals.Count, totals.Zeros, totals.Sum) = (8, 2, FixedSum.From(2L));
        totals.Positive.Add(-2, [5]);
        exponential.NoteTotals(totals, 1_000, 5);
        Assert.Equal(Block(), BlockWalk.Write([new PlacedHistogram(new CellPlace(5, 0), explicitly), new PlacedHistogram(new CellPlace(6, 0), exponential)]));
    }

    [Fact]
    public void What_is_written_is_read()
    {
        var reader = new HistogramBlockReader();
        var any =
            from cells in Gen.ArrayOf(from series in Gen.Choose(0, 10) from time in Gen.Choose(0, 3) from cell in AnyCell select new PlacedHistogram(new CellPlace(series * 1_000_003, time), cell))
            select cells.OrderBy(c => c.Place.Series).ThenBy(c => c.Place.Time).ToArray();
        Prop.ForAll(any.ToArbitrary(), cells => Assert.Equal(
            cells.Select(c => (c.Place, BlockWalk.Describe(c.Cell))),
            BlockWalk.Histograms(BlockWalk.Write(cells, span: 4), reader))).Check(Config.QuickThrowOnFailure.WithMaxTest(200));
    }

    [Fact]
    public void Too_much_for_one_block_is_cut()
    {
        // Rows from the smallest to the largest double: 130 KB a cell before compression.
        PlacedHistogram[] large = [.. Enumerable.Range(0, 100).Select(i => new PlacedHistogram(new CellPlace(i, 0), Counted.Cell(HistogramLayout.Of(6, 0), [1e-300, 1e300])))];
        AssertCut(large, 2, 4);
        AssertCut([.. Enumerable.Range(0, 10_000).Select(i => new PlacedHistogram(new CellPlace(3, 0), Counted.Cell(Counted.Usual, [i])))], 2, 2);

        static void AssertCut(PlacedHistogram[] cells, int least, int most)
        {
            var parts = new HistogramBlockWriter().Cut(new ByteSink(), cells, span: 1);
            Assert.InRange(parts.Count, least, most);
            Assert.Equal(cells.Select(c => (c.Place, BlockWalk.Describe(c.Cell))), parts.SelectMany(p => BlockWalk.Histograms(p)));
        }
    }

    [Fact]
    public void A_cell_of_fourteen_bounds_takes_at_most_24_bytes_in_a_full_block()
    {
        var random = new Random(5);
        PlacedHistogram[] cells = [.. Enumerable.Range(0, 64).Select(i => new PlacedHistogram(
            new CellPlace(i, 0), Counted.Cell(Counted.Usual, [.. Enumerable.Range(0, 40).Select(_ => 0.01 * random.Next(1, 30))], offset: 4_000_000_000)))];
        Assert.InRange(BlockWalk.Write(cells).Length, 64 * 4, 64 * 24);
    }

    [Theory]
    [InlineData("00", "00 06 02  09  00  00", "no layout")]
    [InlineData("01  00 0E  00 00 00 00 00 00 00 00", "00 00 01  09  00 00 00 00", "scale 7")]
    [InlineData("01  00 06  00 00 00 00 00 00 F0 BF", "00 00 01  09  00 00 00 00", "a threshold under zero")]
    [InlineData("01  03 00 00 00 00 00 00 04 40 00 00 00 00 00 00 F0 3F", "00 00 01  09  00 00 00 00", "bounds that descend")]
    [InlineData("01  00 00  00 00 00 00 00 00 00 00", "00 00 01  09  00 00  02 FE FF FF FF FF FF FF FF FF 01 01 01 00", "a row from the last of all numbers on")]
    [InlineData("01  00 00  00 00 00 00 00 00 00 00", "00 00 01  09  00 00  01 82 10 01 00", "a bucket over the highest")] // 1,025
    [InlineData("01  00 00  00 00 00 00 00 00 00 00", "00 00 01  09  00 00  01 E7 10 01 00", "a bucket under the lowest")] // −1,076
    [InlineData("01  00 00  00 00 00 00 00 00 00 00", "01 00 01  09  00 00 00 00", "a layout that is not there")]
    public void Cells_that_make_no_sense_are_refused(string layouts, string cells, string why)
    {
        var refusal = Record.Exception(() => BlockWalk.Histograms(Block("02  01 01 01  05  00 00  00 00  00 00", layouts + cells)));
        Assert.True(refusal is InvalidDataException, $"{why}: {refusal?.GetType().Name ?? "taken"}");
    }

    internal static byte[] Sample()
    {
        var random = new Random(6);
        return BlockWalk.Write(
            [.. Enumerable.Range(0, 24).Select(i => new PlacedHistogram(
                new CellPlace(i / 2 * 3, i % 2),
                Make(Counted.Layouts[i % Counted.Layouts.Length], [.. Enumerable.Range(0, 8).Select(_ => random.NextDouble() * 20)], i % 3 == 0, i * 400_000_000L, i % 4, i % 5 == 0, i % 3, i % 2 + 1, i * 1_000L)))],
            span: 2);
    }

    private static HistogramCell Make(HistogramLayout layout, double[] values, bool told, long offset, long outside, bool stale, int sum, int totals, long start)
    {
        var cell = Counted.Cell(layout, values, told, offset);
        cell.Increase.Count = BucketRow.Sum(cell.Increase.Count, outside);
        cell.Increase.Sum = sum == 0 ? null : sum == 1 ? new FixedSum(Int128.MinValue) : cell.Increase.Sum;
        cell.Stale = stale;
        if (totals > 0)
        {
            var counted = new HistogramCounts();
            counted.Set(cell.Increase);
            counted.Positive.Add(0, [totals == 1 ? 5 : long.MaxValue]);
            counted.Count = BucketRow.Sum(outside, counted.InBuckets);
            cell.NoteTotals(counted, start, offset / 2);
        }

        return cell;
    }

    private static byte[] Block(string head = GoldenHead, string plain = GoldenPlain)
    {
        var sink = new ByteSink();
        sink.Bytes(Hex.Bytes(head));
        new PackedBytes().Write(sink, Hex.Bytes(plain));
        return sink.Written.ToArray();
    }
}
