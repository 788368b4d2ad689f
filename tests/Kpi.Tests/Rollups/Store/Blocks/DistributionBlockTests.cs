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
    public void Cells_that_change_a_little_are_read_as_they_were()
    {
        // As in a tile: some series over time, each slice a few observations more, fewer or other ones, now and then none or another edge set.
        var any = from seed in Gen.Choose(0, int.MaxValue) from start in Gen.ArrayOf(Observation.Any) select (seed, start);
        Prop.ForAll(any.ToArbitrary(), given =>
        {
            var random = new Random(given.seed);
            var seen = given.start.ToList();
            var cells = new List<PlacedDistribution>();
            for (var i = 0; i < 60; i++)
            {
                for (var changes = random.Next(4); changes > 0; changes--)
                {
                    seen.Add(new Observation(random.NextInt64(-1, 1L << random.Next(20, 40)), (uint)random.Next(1, 3)));
                    seen.RemoveAll(_ => random.Next(40) == 0);
                }

                var set = random.Next(8) == 0 ? 1 : 3;
                cells.Add(new PlacedDistribution(new CellPlace(i / 25, i % 25), set, Observation.Cell(Observation.EdgeSets[set], [.. random.Next(10) == 0 ? [] : seen])));
            }

            Assert.Equal(
                cells.Select(p => (p.Place, p.EdgeSet, BlockWalk.Describe(p.Cell))),
                BlockWalk.Distributions(BlockWalk.Write([.. cells], span: 25)));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(100));
    }

    [Fact]
    public void Extremes_that_are_no_whole_nanoseconds_are_read_to_the_last_bit()
    {
        var cell = Observation.Cell(Observation.EdgeSets[1], [new(1_000_000), new(2_000_000), new(3_000_000), new(4_000_000)]);
        var (min, max) = (Math.BitIncrement(0.001), Math.BitDecrement(0.004));
        PlacedDistribution[] cells = [.. Enumerable.Range(0, 3).Select(i => new PlacedDistribution(new CellPlace(1, i), 1, cell))];
        (cell.Min, cell.Max) = (min, max);
        var reader = new DistributionBlockReader(BlockWalk.EdgeSetOf);
        reader.Open(BlockWalk.Write(cells, span: 3));
        foreach (var _ in cells)
        {
            reader.ReadNext();
            Assert.Equal((min, max), (reader.Cell.Min, reader.Cell.Max));
        }
    }

    [Fact]
    public void The_middles_of_buckets_are_the_same_on_every_machine()
    {
        // They are part of the format: what is stored is what differs from them.
        var all = Enumerable.Range(-2_100, 4_200).Select(BucketNanos.Of).Aggregate(0UL, (hash, nanos) => unchecked((hash * 31) + (ulong)nanos));
        Assert.Equal(17909724149219389070UL, all);
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

    [Fact]
    public void A_cell_of_sixty_buckets_of_which_two_change_takes_at_most_8_bytes_in_a_tile()
    {
        var random = new Random(3);
        Observation[][] buckets = [.. Enumerable.Range(0, 60).Select(i => Anywhere(random, i))];
        var cells = new List<PlacedDistribution>();
        for (var time = 0; time < 360; time++)
        {
            for (var changes = 0; changes < 2; changes++)
            {
                var at = random.Next(buckets.Length);
                buckets[at] = Anywhere(random, at);
            }

            cells.Add(new PlacedDistribution(new CellPlace(0, time), 1, Observation.Cell(Observation.EdgeSets[1], [.. buckets.SelectMany(b => b)])));
        }

        Assert.InRange(BlockWalk.Write([.. cells], span: 360).Length, 360 * 3, 360 * 8);
    }

    // 1 to 20 values that may lie anywhere in their bucket.
    private static Observation[] Anywhere(Random random, int bucket) =>
        [.. Enumerable.Range(0, random.Next(1, 21)).Select(_ => new Observation((long)(SketchMath.Middle(bucket - 200) * (1 + ((random.NextDouble() - 0.5) / 100)) * 1e9)))];

    private static DistributionCell SixtyBuckets(Random random) => Observation.Cell(
        Observation.EdgeSets[1],
        [.. Enumerable.Range(0, 60).SelectMany(i => Enumerable.Range(0, random.Next(1, 30)).Select(_ => new Observation((long)(SketchMath.Middle(i - 200) * 1e9))))]);
}
