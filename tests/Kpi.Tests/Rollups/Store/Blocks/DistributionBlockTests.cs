using FsCheck;
using FsCheck.Fluent;
using Kpi.Rollups.Cells;
using Kpi.Rollups.Reading;
using Kpi.Rollups.Store.Blocks;
using Kpi.Tests.Rollups.Cells;

namespace Kpi.Tests.Rollups.Store.Blocks;

public sealed class DistributionBlockTests
{
    /// <summary>
    /// Written by hand from <c>docs/formats/blocks.md</c>: series 5 with one edge at 1 s. Two zeros, one event without a value,
    /// one of 1 s that stands for 3 and one of 2 s that stands for 200; then series 3 without anything.
    /// </summary>
    private const string Golden = """
        01 02
        0A  01  CE 01  05  01  02
        00 FE AB D4 5D 00 00 00 00 00 00 00 00 00 00 00
        00 00 00 00 00 00 00 00
        00 00 00 00 00 00 00 40
        05
        02  01 03  80 01 C8 01
        03  00  00  00  00  00
        00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
        00 00 00 00 00 00 F0 7F
        00 00 00 00 00 00 F0 FF
        00
        """;

    private static readonly EdgeSet OneSecond = EdgeSet.Of([1]);

    [Fact]
    public void A_block_written_by_hand_is_read()
    {
        var source = new ByteSource(Hex.Bytes(Golden));
        Assert.Equal(2, DistributionBlock.ReadHead(ref source));
        var cell = new DistributionCell(new CellMemory());
        Assert.Equal(5, DistributionBlock.ReadNext(ref source, 0, EdgeSetOf, cell));
        Assert.Equal((206, 5, 1, 2), (cell.Count, cell.Observed, cell.Valueless, cell.Zeros));
        Assert.Equal((403_000_000_000, 0.0, 2.0), ((long)cell.Sum.Nanos, cell.Min, cell.Max));
        Assert.Equal([5], cell.AtEdges.ToArray());
        Assert.Equal((3u, 200u, 203), (cell.Buckets[-1 - cell.FirstBucket], cell.Buckets[63 - cell.FirstBucket], cell.Buckets.ToArray().Sum(b => (int)b)));
        Assert.Equal(3, DistributionBlock.ReadNext(ref source, 5, EdgeSetOf, cell));
        Assert.Equal((0, 0, 0, 0), (cell.Count, cell.Observed, cell.Valueless, cell.Zeros));
        Assert.Equal((double.PositiveInfinity, double.NegativeInfinity), (cell.Min, cell.Max));
        Assert.Equal(0u, cell.Buckets.ToArray().Aggregate(0u, (sum, b) => sum + b));
        source.ExpectEnd();
    }

    [Fact]
    public void The_writer_writes_the_block_written_by_hand()
    {
        var cell = Observation.Cell(OneSecond, [new(0), new(0), new(-1), new(1_000_000_000, 3), new(2_000_000_000, 200)]);
        var sink = new ByteSink();
        DistributionBlock.Write(sink, [new(5, 1, cell), new(3, 0, Observation.Cell(EdgeSet.None))]);
        Assert.Equal(Hex.Bytes(Golden), sink.Written.ToArray());
    }

    [Fact]
    public void What_is_written_is_read() => Prop.ForAll(
        (from cells in Gen.ArrayOf(
            from given in Observation.AnyCell from number in Between.Of(0, long.MaxValue) select (number, given.Edges, given.Seen))
         select cells.Take(BlockFormat.MostDistributions).ToArray()).ToArbitrary(),
        cells =>
        {
            var sink = new ByteSink();
            sink.Byte(77);
            sink.Clear();
            DistributionBlock.Write(sink, [.. cells.Select(c => new NumberedDistribution(c.number, Array.IndexOf(BlockWalk.EdgeSets, c.Edges), Observation.Cell(c.Edges, c.Seen)))]);
            var expected = cells.Select(c =>
            {
                var cell = Observation.Cell(c.Edges, c.Seen);
                var sum = new Distribution();
                sum.Add(cell);
                return (c.number, c.Edges, $"{cell.Zeros} {string.Join(' ', cell.AtEdges.ToArray())} {Observation.Describe(sum)}");
            });
            Assert.Equal(expected, BlockWalk.Distributions(sink.Written));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(150));

    private static EdgeSet EdgeSetOf(int number) => number == 1 ? OneSecond : EdgeSet.None;
}
