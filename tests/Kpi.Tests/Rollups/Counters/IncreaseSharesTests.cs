using FsCheck;
using FsCheck.Fluent;
using Kpi.Rollups.Cells;
using Kpi.Rollups.Counters;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Intake;
using Kpi.Rollups.Lanes;
using Kpi.Rollups.Time;
using Kpi.Tests.Rollups.Reading;

namespace Kpi.Tests.Rollups.Counters;

public sealed class IncreaseSharesTests
{
    private const long Second = 1_000_000_000;

    private static readonly SliceRange All = new(new Slice(0), new Slice(int.MaxValue));

    private readonly SeriesCatalog catalog;
    private readonly IntakeTally intake = new();
    private readonly LaneCells cells;

    public IncreaseSharesTests()
    {
        catalog = new SeriesCatalog(new RollupLimits { UncommittedBytes = 1 << 20 });
        cells = new LaneCells(catalog, 0, 1, intake);
        catalog.GetOrAdd(SeriesKind.Counter, "1", Labels.Of(("__name__", "a")), out _);
    }

    [Fact]
    public void The_last_share_makes_the_increase_whole_and_none_is_negative() => Prop.ForAll(
        (from high in Gen.Choose(0, int.MaxValue)
         from shift in Gen.Choose(0, 31)
         from seconds in Gen.Choose(1, 400 * 86_400)
         from nanos in Gen.Choose(0, 999_999_999)
         from cuts in Gen.ListOf(Gen.Choose(0, 1_000_000), 8)
         from whole in Gen.Elements(true, false)
         select new Case((long)high << shift, (seconds * Second) - nanos, [.. cuts], whole)).ToArbitrary(),
        t =>
        {
            var increase = t.Whole ? FixedSum.From(t.Units) : new FixedSum((Int128)t.Units * 1_234_567_891);
            var shares = new IncreaseShares(increase, t.Length, t.Whole);
            Assert.Equal((FixedSum.Zero, increase), (shares.UpTo(0), shares.UpTo(t.Length)));
            var previous = FixedSum.Zero;
            foreach (var cut in t.Cuts.Order())
            {
                var elapsed = (long)((Int128)t.Length * cut / 1_000_000);
                var upTo = shares.UpTo(elapsed);
                Assert.True(upTo.Nanos >= previous.Nanos && (!t.Whole || upTo.IsWhole));

                // Even: within a unit of the exact part.
                var exact = increase.ToDouble() * ((double)elapsed / t.Length);
                Assert.InRange(upTo.ToDouble(), exact - 1 - (exact * 1e-12), exact + (exact * 1e-12) + 1e-9);
                previous = upTo;
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    [Fact]
    public void Up_to_two_minutes_an_increase_belongs_to_the_slice_of_its_later_sample()
    {
        Apply(CounterSample.Increase(0, At(0), At(120), 25));
        Assert.Equal([(12, 25.0, 1L)], Cells());
    }

    [Fact]
    public void A_longer_one_is_shared_out_over_its_slices_in_whole_numbers_that_add_up()
    {
        Apply(CounterSample.Increase(0, At(5), At(127), 25));
        var shared = Cells();
        Assert.Equal(Enumerable.Range(1, 13), shared.Select(c => c.Slice));
        Assert.Equal(25, shared.Sum(c => c.Increase));
        Assert.All(shared, c => Assert.True(c.Increase is 1 or 2 or 3 && c.Samples == (c.Slice == 13 ? 1 : 0)));
    }

    [Fact]
    public void A_double_is_shared_out_evenly()
    {
        Apply(CounterSample.Total(0, At(1), At(2), 1.0));
        Apply(CounterSample.Total(0, At(1), At(202), 2.0));
        Assert.Equal(2, Cells().Sum(c => c.Increase), 9);
        Assert.All(Cells().Skip(1).Take(19), c => Assert.Equal(0.05, c.Increase, 9));
    }

    [Fact]
    public void What_the_memory_does_not_hold_stays_in_the_last_slice_and_is_noted()
    {
        Apply(CounterSample.Increase(0, new UnixNanos(1), At(0), 1_000_000));
        Assert.Equal([(0, 1_000_000.0, 1L)], Cells());
        Assert.Equal(1, intake[TelemetrySignal.Metrics, RejectReason.IntervalNotShared]);
        Apply([.. Enumerable.Range(0, 100).Select(_ => CounterSample.Increase(0, At(0), At(86_400), 1_000_000))]);
        Assert.Equal(101_000_000, Cells().Sum(c => c.Increase));
        Assert.Equal(101, intake[RejectReason.IntervalNotShared] + intake[RejectReason.OverlappingSenders] - 99);
        Assert.InRange(cells.UncommittedBytes, 0, 1 << 20);
    }

    [Fact]
    public void A_stale_mark_and_a_baseline_are_samples_without_an_increase()
    {
        Apply(CounterSample.Total(0, default, At(5), 9), CounterSample.Stale(0, At(15)));
        Assert.Equal([(1, 0.0, 1L), (2, 0.0, 1L)], Cells());
    }

    private sealed record Case(long Units, long Length, int[] Cuts, bool Whole);

    private void Apply(params CounterSample[] samples)
    {
        var batch = new SampleBatch();
        Array.ForEach(samples, s => batch.Add(s));
        cells.Apply(batch);
    }

    // Slice 0 is the one that ends at the beginning.
    private (int Slice, double Increase, long Samples)[] Cells()
    {
        var totals = new CellTotals();
        cells.Visit(All, 0, totals);
        return [.. totals.Counters.OrderBy(c => c.Key.Slice).Select(c => (c.Key.Slice - Slice.Of(At(0)).Number, c.Value.Increase.ToDouble(), c.Value.Samples))];
    }

    private static UnixNanos At(double seconds) => new((1_790_000_000 * Second) + (long)(seconds * Second));
}
