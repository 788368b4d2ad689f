using FsCheck;
using FsCheck.Fluent;
using Kpi.Rollups.Cells;
using Kpi.Rollups.Store.Blocks;
using Kpi.Tests.Rollups.Cells;

namespace Kpi.Tests.Rollups.Store.Blocks;

public sealed class DistributionBlockTests
{
    [Fact]
    public void What_is_written_is_read()
    {
        var reader = new DistributionBlockReader(BlockWalk.EdgeSetOf);
        var any =
            from cells in Gen.ArrayOf(
                from given in Observation.AnyCell from series in Gen.Choose(0, 40) from time in Gen.Choose(0, 11) select (Place: new CellPlace(series * 1_000_003, time), given.Edges, given.Seen))
            select cells.OrderBy(c => c.Place.Series).ThenBy(c => c.Place.Time).ToArray();
        Prop.ForAll(any.ToArbitrary(), cells =>
        {
            PlacedDistribution[] placed =
                [.. cells.Select(c => new PlacedDistribution(c.Place, Array.IndexOf(BlockWalk.EdgeSets, c.Edges), Observation.Cell(c.Edges, c.Seen)))];
            Assert.Equal(
                placed.Select(p => (p.Place, p.EdgeSet, BlockWalk.Describe(p.Cell))),
                BlockWalk.Distributions(BlockWalk.Write(placed, span: 12), reader));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));
    }

    [Fact]
    public void Cells_can_be_stepped_over()
    {
        PlacedDistribution[] cells = [.. Enumerable.Range(0, 20).Select(i => new PlacedDistribution(
            new CellPlace(i, 0), i % 5, Observation.Cell(Observation.EdgeSets[i % 5], [.. Enumerable.Range(1, i).Select(n => new Observation(n * 100_000_007L, (uint)n))])))];
        var reader = new DistributionBlockReader(BlockWalk.EdgeSetOf);
        reader.Open(BlockWalk.Write(cells));
        var cell = new DistributionCell(new CellMemory());
        for (var i = 0; i < cells.Length; i++)
        {
            var edgeSet = reader.ReadNext(i % 3 == 0 ? cell : null);
            Assert.Equal(i % 5, edgeSet);
            Assert.True(i % 3 != 0 || BlockWalk.Describe(cells[i].Cell) == BlockWalk.Describe(cell));
        }
    }

    [Fact]
    public void Too_much_for_one_block_is_cut()
    {
        // 400 cells with a bucket in each of 40 octaves, and 20,000 cells at one place.
        PlacedDistribution[] many = [.. Enumerable.Range(0, 20_000).Select(i => new PlacedDistribution(new CellPlace(3, 0), 0, Observation.Cell(EdgeSet.None, [new(i + 1)])))];
        var parts = new DistributionBlockWriter().Cut(new ByteSink(), many, span: 1);
        Assert.InRange(parts.Count, 3, 8);
        Assert.Equal(many.Length, parts.Sum(p => BlockWalk.Distributions(p).Count));
    }

    [Fact]
    public void A_cell_of_sixty_buckets_takes_at_most_85_bytes_in_a_full_block()
    {
        var random = new Random(2);
        PlacedDistribution[] cells = [.. Enumerable.Range(0, 64).Select(i => new PlacedDistribution(new CellPlace(i, 0), 1, SixtyBuckets(random)))];
        Assert.InRange(BlockWalk.Write(cells).Length, 64 * 30, 64 * 85);
    }

    private static DistributionCell SixtyBuckets(Random random) => Observation.Cell(
        Observation.EdgeSets[1],
        [.. Enumerable.Range(0, 60).SelectMany(i => Enumerable.Range(0, random.Next(1, 30)).Select(_ => new Observation((long)(SketchMath.Middle(i - 200) * 1e9))))]);
}
