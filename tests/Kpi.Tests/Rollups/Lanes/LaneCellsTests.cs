using Kpi.Rollups.Cells;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Intake;
using Kpi.Rollups.Lanes;
using Kpi.Rollups.Time;
using Kpi.Tests.Rollups.Reading;

namespace Kpi.Tests.Rollups.Lanes;

public sealed class LaneCellsTests
{
    private static readonly SliceRange All = new(new Slice(0), new Slice(int.MaxValue));

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Lanes_hold_what_a_list_of_all_samples_holds(int lanes)
    {
        for (var seed = 0; seed < 60; seed++)
        {
            new LaneOracle(lanes, seed).Run(steps: 60);
        }
    }

    [Fact]
    public void A_full_bucket_goes_on_in_a_second_cell()
    {
        var (catalog, cells) = Lane();
        var slot = catalog.GetOrAdd(SeriesKind.Distribution, "s", Labels.Of(("a", "1")), out _).Slot;
        var batch = new SampleBatch();
        for (var i = 0; i < 3; i++)
        {
            batch.Add(new DurationSample(5_000_000, slot, 7, (ulong)uint.MaxValue << 32));
            batch.Add(new DurationSample(9_000_000, slot, 7, DurationSample.One));
            batch.Add(new DurationSample(5_000_000, slot, 8, DurationSample.One));
        }

        cells.Apply(batch);
        var totals = new CellTotals();
        cells.Visit(All, 0, totals);
        var seventh = totals.Distributions[("{a=\"1\"}", 7)];
        Assert.Equal((3L * uint.MaxValue) + 3, seventh.Count);
        Assert.Equal((6, (Int128)5_000_000 * 3 * uint.MaxValue + 27_000_000), (seventh.Observed, seventh.Sum.Nanos));
        Assert.Equal(3, totals.Distributions[("{a=\"1\"}", 8)].Count);
    }

    [Theory]
    [InlineData(3.0 + (1.0 / 3))]
    [InlineData(1.000001)]
    [InlineData(0.3)]
    [InlineData(1e6 / 7)]
    public void Fractional_weights_add_up_to_within_half_an_event(double weight)
    {
        const int Samples = 50_000;
        var (catalog, cells) = Lane();
        var slots = ((string[])["1", "2"]).Select(v => catalog.GetOrAdd(SeriesKind.Distribution, "s", Labels.Of(("a", v)), out _).Slot).ToArray();
        var inUnits = (ulong)(weight * DurationSample.One);
        var random = new Random(3);
        var batch = new SampleBatch();
        for (var i = 0; i < Samples; i++)
        {
            // Slices, values and the absence of one change; the carry goes along.
            batch.Add(new DurationSample(random.Next(-1, 5), slots[0], 5 + (i % 4), inUnits));
            batch.Add(new DurationSample(7, slots[1], 5, DurationSample.One));
        }

        cells.Apply(batch);
        var totals = new CellTotals();
        cells.Visit(All, 0, totals);
        var count = totals.Distributions.Where(d => d.Key.Series == "{a=\"1\"}").Sum(d => d.Value.Count);
        var exact = Samples * (inUnits / (double)DurationSample.One);
        Assert.InRange(count, exact - 0.5001, exact + 0.5001);
        Assert.Equal(Samples, totals.Distributions[("{a=\"2\"}", 5)].Count);
    }

    [Fact]
    public void Memory_is_counted_while_cells_are_held_and_given_back_when_they_are_committed()
    {
        var (catalog, cells) = Lane();
        var random = new Random(5);
        for (var flush = 1; flush <= 20; flush++)
        {
            catalog.DeclareEdges(flush % 3 == 0 ? _ => EdgeSet.None : new Func<Series, EdgeSet>(_ => Edges));
            var before = cells.UncommittedBytes;
            var batch = new SampleBatch();
            for (var i = 0; i < 3_000; i++)
            {
                var slot = catalog.GetOrAdd(SeriesKind.Distribution, "s", Labels.Of(("a", random.Next(400).ToString("d3", null))), out _).Slot;
                batch.Add(new DurationSample(random.NextInt64(1L << random.Next(1, 62)), slot, random.Next(20), DurationSample.One));
            }

            cells.Apply(batch);
            Assert.InRange(cells.UncommittedBytes - before, 500_000, 50_000_000);
            cells.Drain(flush);
            Assert.True(cells.UncommittedBytes > 0); // drained is not committed
            cells.Discard(flush);
            Assert.Equal(0, cells.UncommittedBytes);
        }
    }

    [Fact]
    public void Counters_take_memory_too()
    {
        var (catalog, cells) = Lane();
        var batch = new SampleBatch();
        for (var i = 0; i < 10_000; i++)
        {
            var slot = catalog.GetOrAdd(SeriesKind.Counter, "1", Labels.Of(("a", (i % 100).ToString("d2", null))), out _).Slot;
            batch.Add(CounterSample.Increase(slot, default, new Slice(i / 100).End, 1));
        }

        cells.Apply(batch);
        Assert.InRange(cells.UncommittedBytes, 10_000 * 80, 10_000 * 400);
        var once = cells.UncommittedBytes;
        cells.Apply(batch);
        Assert.Equal(once, cells.UncommittedBytes);
        cells.Drain(1);
        cells.Discard(1);
        Assert.Equal(0, cells.UncommittedBytes);
    }

    [Fact]
    public void Cells_used_again_carry_nothing_over()
    {
        var (catalog, cells) = Lane();
        var slot = catalog.GetOrAdd(SeriesKind.Distribution, "s", Labels.Of(("a", "1")), out _).Slot;
        for (var flush = 1; flush <= 3; flush++)
        {
            var batch = new SampleBatch();
            batch.Add(new DurationSample(flush * 1_000_000_000L, slot, 1, DurationSample.One));
            cells.Apply(batch);
            var drained = cells.Drain(flush);
            var cell = Assert.Single(drained.Distributions).Cell;
            Assert.Equal((1, flush, flush), (cell.Count, cell.Min, cell.Max));
            cells.Discard(flush);
        }
    }

    private static readonly EdgeSet Edges = EdgeSet.Of(Enumerable.Range(1, 20).Select(i => i / 10.0));

    private static (SeriesCatalog Catalog, LaneCells Cells) Lane()
    {
        var catalog = new SeriesCatalog(new RollupLimits());
        return (catalog, new LaneCells(catalog, 0, 1, new IntakeTally()));
    }
}
