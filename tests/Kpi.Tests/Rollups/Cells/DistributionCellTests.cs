using FsCheck;
using FsCheck.Fluent;
using Kpi.Rollups.Cells;

namespace Kpi.Tests.Rollups.Cells;

public sealed class DistributionCellTests
{
    [Fact]
    public void A_cell_counts_what_it_is_given() => Prop.ForAll(Observation.AnyCell.ToArbitrary(), given =>
    {
        var cell = Observation.Cell(given.Edges, given.Seen);
        Observation[] valued = [.. given.Seen.Where(s => s.Nanos >= 0)];
        Assert.Equal(given.Seen.Sum(s => (long)s.Weight), cell.Count);
        Assert.Equal(given.Seen.Length, cell.Observed);
        Assert.Equal(given.Seen.Where(s => s.Nanos < 0).Sum(s => (long)s.Weight), cell.Valueless);
        Assert.Equal(valued.Where(s => s.Nanos == 0).Sum(s => (long)s.Weight), cell.Zeros);
        Assert.Equal(valued.Aggregate(Int128.Zero, (sum, s) => sum + ((Int128)s.Nanos * s.Weight)), cell.Sum.Nanos);
        Assert.Equal(valued.Length == 0 ? double.PositiveInfinity : valued.Min(s => s.Nanos) / 1e9, cell.Min);
        Assert.Equal(valued.Length == 0 ? double.NegativeInfinity : valued.Max(s => s.Nanos) / 1e9, cell.Max);
        Assert.Equal(cell.Count, cell.Valueless + cell.Zeros + cell.Buckets.ToArray().Sum(b => (long)b));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void A_value_exactly_on_an_edge_counts_as_within()
    {
        var cell = Observation.Cell(EdgeSet.Of([0.15, 0.3]), [new(149_999_999), new(150_000_000, 10), new(150_000_001, 100), new(300_000_000, 1_000), new(300_000_001)]);
        Assert.Equal([11, 1_100], cell.AtEdges.ToArray());
    }

    [Fact]
    public void Zero_counts_as_within_the_lowest_edge() =>
        Assert.Equal([5], Observation.Cell(EdgeSet.Of([1e-9]), [new(0, 5)]).AtEdges.ToArray());

    [Fact]
    public void A_bucket_that_would_overflow_takes_nothing_and_changes_nothing()
    {
        var cell = Observation.Cell(EdgeSet.Of([1]), [new(500_000_000, uint.MaxValue - 2)]);
        Assert.False(cell.TryAdd(500_000_000, 3));
        Assert.Equal((uint.MaxValue - 2L, 1L), (cell.Count, cell.Observed));
        Assert.Equal(uint.MaxValue - 2L, cell.AtEdges[0]);
        Assert.True(cell.TryAdd(500_000_000, 2));
        Assert.Equal(uint.MaxValue, cell.Count);
        Assert.False(cell.TryAdd(500_000_000, 1));
        Assert.True(cell.TryAdd(510_000_000, 1)); // another bucket has room
    }

    [Fact]
    public void A_cell_used_again_remembers_nothing() => Prop.ForAll(Observation.AnyCell.Two().ToArbitrary(), given =>
    {
        var ((edges, seen), (laterEdges, laterSeen)) = given;
        var used = Observation.Cell(edges, seen);
        used.Reset(laterEdges);
        foreach (var one in laterSeen)
        {
            _ = one.Nanos < 0 ? Valueless(one.Weight) : used.TryAdd(one.Nanos, one.Weight);
        }

        var fresh = new Kpi.Rollups.Reading.Distribution();
        fresh.Add(used);
        Assert.Equal(Observation.Describe(Observation.Sum((laterEdges, laterSeen))), Observation.Describe(fresh));

        bool Valueless(uint weight)
        {
            used.AddValueless(weight);
            return true;
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    [Fact]
    public void The_memory_of_a_cell_is_what_its_owner_was_told()
    {
        var memory = new CellMemory();
        var cell = new DistributionCell(memory);
        var random = new Random(7);
        for (var round = 0; round < 200; round++)
        {
            cell.Reset(Observation.EdgeSets[random.Next(Observation.EdgeSets.Length)]);
            cell.TryAdd(random.NextInt64(1L << random.Next(1, 63)), 1);
            Assert.Equal(cell.Bytes, memory.Bytes);
        }
    }

    [Fact]
    public void The_longest_duration_with_the_largest_weight_fits()
    {
        var cell = Observation.Cell(EdgeSet.Of([9e9]), [new(long.MaxValue, uint.MaxValue)]);
        Assert.Equal((Int128)long.MaxValue * uint.MaxValue, cell.Sum.Nanos);
        Assert.Equal([0], cell.AtEdges.ToArray());
    }

    [Fact]
    public void Cells_of_the_same_edges_merge_into_what_one_would_have_counted() => Prop.ForAll(
        (from first in Observation.AnyCell from second in Gen.ArrayOf(Observation.Any) select (first.Edges, First: first.Seen, Second: second)).ToArbitrary(),
        of =>
        {
            var merged = Observation.Cell(of.Edges, of.First);
            Assert.True(merged.TryAdd(Observation.Cell(of.Edges, of.Second)));
            var one = Observation.Cell(of.Edges, [.. of.First, .. of.Second]);
            Assert.Equal(one.AtEdges.ToArray(), merged.AtEdges.ToArray());
            Assert.Equal(one.SquaredWeights, merged.SquaredWeights);
            Assert.Equal(Describe(one), Describe(merged));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    [Fact]
    public void A_merge_that_would_overflow_a_bucket_changes_nothing()
    {
        var cell = Observation.Cell(EdgeSet.None, [new(5, uint.MaxValue), new(1_000)]);
        var before = Describe(cell);
        Assert.False(cell.TryAdd(Observation.Cell(EdgeSet.None, [new(1_000), new(5)])));
        Assert.Equal(before, Describe(cell));
    }

    private static string Describe(DistributionCell cell)
    {
        var sum = new Kpi.Rollups.Reading.Distribution();
        sum.Add(cell);
        return Observation.Describe(sum);
    }
}
