using FsCheck;
using FsCheck.Fluent;
using Kpi.Rollups.Cells;
using Kpi.Rollups.Store.Blocks;

namespace Kpi.Tests.Rollups.Store.Blocks;

public sealed class GaugeBlockTests
{
    /// <summary>Written by hand from <c>docs/formats/blocks.md</c>; the plain bytes here before Brotli.</summary>
    private const string GoldenHead = "02  03 01 03  07  00 04  00 00  00 00";

    private const string GoldenPlain = """
        02 05 00
        07  80 C8 AF A0 25  01
        00 00 00 00 00 00 F8 3F
        00 00 00 00 00 00 00 C0
        00 00 00 00 00 00 00 C0
        03  80 A4 CA 9D 4E  00 00 00 00 00 00 F0 BF  00 00 00 00 00 00 24 40
        """;

    private static readonly PlacedGauge[] Golden =
    [
        new(new CellPlace(7, 0), GaugeCell.Of(1.5, 7)),
        new(new CellPlace(9, 0), GaugeCell.End(10_000_000_000)),
        new(new CellPlace(11, 0), new GaugeCell(1.5, 1, -1, 10, FixedSum.From(10.5), 3, Stale: false)),
    ];

    private static readonly Gen<double> AnyDouble = Gen.OneOf(
        ArbMap.Default.GeneratorFor<double>(),
        Gen.Choose(-1_000, 1_000).Select(i => i / 4.0),
        Gen.Elements(0.0, -0.0, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.MaxValue, double.MinValue, double.Epsilon));

    private static readonly Gen<GaugeCell> AnyCell =
        from values in Gen.NonEmptyListOf(from value in AnyDouble from offset in Between.Of(0, 10_000_000_000) from end in Gen.Choose(0, 9) select end == 0 ? GaugeCell.End(offset) : GaugeCell.Of(value, offset))
        from huge in Gen.Choose(0, 9)
        let sum = values.Aggregate((left, right) => left + right)
        select huge == 0 && sum.Count > 0 ? sum with { Count = long.MaxValue, LastOffset = long.MaxValue } : sum;

    [Fact]
    public void A_block_written_by_hand_is_read_to_the_last_bit()
    {
        var read = BlockWalk.Gauges(Block());
        Assert.Equal(Golden, read);
        Assert.Equal(Golden.Select(g => BitConverter.DoubleToInt64Bits(g.Cell.Last)), read.Select(g => BitConverter.DoubleToInt64Bits(g.Cell.Last)));
    }

    [Fact]
    public void The_writer_writes_the_block_written_by_hand() => Assert.Equal(Block(), BlockWalk.Write(Golden));

    [Fact]
    public void What_is_written_is_read()
    {
        var reader = new GaugeBlockReader();
        var any = Gen.ArrayOf(from series in Gen.Choose(0, 40) from time in Gen.Choose(0, 11) from cell in AnyCell select new PlacedGauge(new CellPlace(series * 1_000_003, time), cell))
            .Select(cells => cells.DistinctBy(c => c.Place).OrderBy(c => c.Place.Series).ThenBy(c => c.Place.Time).ToArray());
        Prop.ForAll(any.ToArbitrary(), cells =>
        {
            var read = BlockWalk.Gauges(BlockWalk.Write(cells, span: 12), reader);
            Assert.Equal(cells, read);
            Assert.Equal(cells.Select(c => BitConverter.DoubleToInt64Bits(c.Cell.Last)), read.Select(c => BitConverter.DoubleToInt64Bits(c.Cell.Last)));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    [Fact]
    public void A_gauge_that_hardly_changes_takes_four_bytes_a_cell()
    {
        var random = new Random(3);
        PlacedGauge[] cells = [.. Enumerable.Range(0, 16 * 360).Select(i => new PlacedGauge(new CellPlace(i / 360, i % 360), GaugeCell.Of(40 + random.Next(3), 4_000_000_000 + (i / 360))))];
        Assert.Equal(cells, BlockWalk.Gauges(BlockWalk.Write(cells, span: 360)));
        Assert.InRange(BlockWalk.Write(cells, span: 360).Length, 1_000, cells.Length * 4);
    }

    internal static byte[] Sample()
    {
        var random = new Random(4);
        return BlockWalk.Write(
            [.. Enumerable.Range(0, 40).Select(i => new PlacedGauge(new CellPlace(i / 2 * 3, i % 2), (i % 5) switch
            {
                0 => GaugeCell.End(i),
                1 => GaugeCell.Of(random.NextDouble(), i * 200_000_000L),
                _ => GaugeCell.Of(i * 1.5, i) + GaugeCell.Of(-i, i * 100_000_000L),
            }))],
            span: 2);
    }

    private static byte[] Block()
    {
        var sink = new ByteSink();
        sink.Bytes(Hex.Bytes(GoldenHead));
        new PackedBytes().Write(sink, Hex.Bytes(GoldenPlain));
        return sink.Written.ToArray();
    }
}
