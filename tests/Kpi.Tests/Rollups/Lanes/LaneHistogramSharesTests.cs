using FsCheck;
using FsCheck.Fluent;
using Kpi.Rollups.Cells;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Intake;
using Kpi.Rollups.Time;
using Kpi.Tests.Rollups.Cells;

namespace Kpi.Tests.Rollups.Lanes;

/// <summary>Increases in buckets: whenever they come, in whatever order, over however long an interval.</summary>
public sealed class LaneHistogramSharesTests
{
    private static readonly HistogramLayout Cut = HistogramLayout.Of([1, 2]);
    private static readonly HistogramLayout Powers = HistogramLayout.Of(2, 0);

    private static readonly Gen<Point> AnyPoint =
        from exponential in Gen.Choose(0, 2)
        from start in Gen.Choose(1, 900)
        from length in Gen.Frequency((6, Gen.Choose(1, 30)), (2, Gen.Choose(121, 700)))
        from counts in Gen.ArrayOf(Gen.Choose(0, 50).Select(c => (long)c), 3)
        from sum in Gen.Choose(-1_000, 1_000)
        from told in Gen.Choose(0, 3)
        select new Point(exponential == 0, start, start + length, counts, told > 0 ? sum / 3.0 : double.NaN, told > 1);

    [Fact]
    public void Increases_give_the_same_cells_in_any_order() => Prop.ForAll(Gen.ArrayOf(AnyPoint).ToArbitrary(), points =>
    {
        var expected = Described(points);
        var random = new Random(points.Length);
        for (var round = 0; round < 3; round++)
        {
            random.Shuffle(points);
            Assert.Equal(expected, Described(points));
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(100));

    [Fact]
    public void Long_intervals_are_shared_out_in_whole_events_that_add_up() => Prop.ForAll(AnyPoint.ToArbitrary(), point =>
    {
        var rig = new HistogramRig();
        point.SendTo(rig);
        var layout = point.Exponential ? Powers : Cut;
        var counts = rig.Counts(layout);
        Assert.Equal((point.Counts.Sum() + 2, point.Counts.Sum()), (counts.Count, counts.InBuckets));
        Assert.Equal(point.Counts, point.Counts.Select((_, i) => counts.Positive[i]));
        Assert.Equal(double.IsNaN(point.Sum) ? null : FixedSum.From(point.Sum), counts.Sum);
        var cells = rig.Read().Histograms.OrderBy(h => h.Key.Slice).ToArray();
        Assert.True(point.End - point.Start <= 120 ? cells.Length == 1 : cells.Length > 1 || point.Counts.Sum() < 60);
        Assert.Equal((1, 1), (cells.Sum(c => c.Value.Samples), cells[^1].Value.Samples));

        // Evenly, to within one event a bucket.
        foreach (var (key, cell) in cells.SkipLast(1))
        {
            var within = (Math.Min(key.Slice * Slice.LengthNanos, HistogramRig.At(point.End)) - Math.Max((key.Slice - 1) * Slice.LengthNanos, HistogramRig.At(point.Start)))
                / (double)((point.End - point.Start) * HistogramRig.Second);
            Assert.All(point.Counts, (count, i) => Assert.InRange(cell.Increase.Positive[i], (count * within) - 1, (count * within) + 1));
            Assert.True(double.IsNaN(cell.Min) && double.IsNaN(cell.Max));
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void A_total_over_a_long_interval_is_shared_out_and_later_ones_go_on_from_all_of_it()
    {
        var rig = new HistogramRig();
        rig.Total(1, 291, Cut, 100, 200, 300);
        Assert.Equal([100, 200, 300, 0, 0], rig.Buckets(Cut));
        Assert.Equal(30, rig.Read().Histograms.Count);
        Assert.Contains(" 600 0 ", Counted.DescribeTotals(rig.Read().Histograms.MaxBy(h => h.Key.Slice).Value), StringComparison.Ordinal);
        rig.Total(1, 301, Cut, 101, 200, 300);
        Assert.Equal([101, 200, 300, 0, 0], rig.Buckets(Cut));
        rig.Total(302, 902, Cut, 600, 0, 0);
        rig.Total(302, 912, Cut, 600, 0, 1);
        rig.Total(302, 1_212, Cut, 900, 0, 1);
        Assert.Equal([1_001, 200, 301, 0, 0], rig.Buckets(Cut));
        Assert.Equal(0, rig[RejectReason.ResetWithoutStart]);
    }

    [Fact]
    public void Where_there_is_no_memory_an_interval_stays_in_its_last_slice()
    {
        // Of a thousand bounds and three hours: 1,080 cells of 8 KB are more than the megabyte, as counters they were not.
        var rig = new HistogramRig(new RollupLimits { UncommittedBytes = 1 << 20 });
        var wide = HistogramLayout.Of([.. Enumerable.Range(0, 1_000).Select(i => (double)i)]);
        rig.Increase(1, 10_801, wide, [.. Enumerable.Repeat(10_000L, 1_001)]);
        Assert.Equal((1, 10_010_000), (rig.Read().Histograms.Count, rig.Counts(wide).Count));
        Assert.Equal(1, rig[RejectReason.IntervalNotShared]);
        Assert.InRange(rig.Cells.UncommittedBytes, 8_000, 1 << 20);
    }

    [Fact]
    public void Smallest_and_largest_come_from_increases_alone_and_from_all_or_none()
    {
        var rig = new HistogramRig();
        rig.Send(rig.Sample(1, 2, Cut) with { IsIncrease = true, Count = 2, Min = 0.5, Max = 1.5 }, [1, 1, 0], []);
        rig.Send(rig.Sample(2, 3, Cut) with { IsIncrease = true, Count = 1, Min = 7, Max = 7 }, [0, 0, 1], []);
        Assert.Equal((0.5, 7), Range(rig));
        rig.Send(rig.Sample(3, 4, Cut) with { IsIncrease = true }, [0, 0, 0], []);
        Assert.Equal((0.5, 7), Range(rig));
        rig.Send(rig.Sample(4, 5, Cut) with { IsIncrease = true, Count = 1, Min = 0.5 }, [1, 0, 0], []);
        Assert.Equal((double.NaN, double.NaN), Range(rig));

        var totals = new HistogramRig();
        totals.Send(totals.Sample(1, 2, Cut) with { Count = 2, Min = 0.5, Max = 1.5 }, [1, 1, 0], []);
        Assert.Equal((double.NaN, double.NaN), Range(totals));

        static (double, double) Range(HistogramRig of) => (of.Read().Histograms.Single().Value.Min, of.Read().Histograms.Single().Value.Max);
    }

    [Fact]
    public void A_count_below_its_buckets_is_made_good()
    {
        var rig = new HistogramRig();
        rig.Send(rig.Sample(1, 2, Cut) with { IsIncrease = true, Count = 2 }, [1, 1, 9], []);
        Assert.Equal((11, 11), (rig.Counts(Cut).Count, rig.Counts(Cut).InBuckets));
    }

    [Fact]
    public void Memory_is_counted_while_cells_are_held_and_given_back_and_cells_used_again_carry_nothing_over()
    {
        var rig = new HistogramRig();
        for (var flush = 1; flush <= 5; flush++)
        {
            for (var i = 0; i < 100; i++)
            {
                rig.Total(1, (flush * 1_000) + (i * 10), flush % 2 == 0 ? Cut : Powers, 0, flush, i);
            }

            Assert.InRange(rig.Cells.UncommittedBytes, 100 * 500, 100 * 2_000);
            Assert.Equal(100, rig.Cells.Drain(flush).Histograms.Count);
            Assert.True(rig.Cells.UncommittedBytes > 0);
            rig.Cells.Discard(flush);
            Assert.Equal((0, 0), (rig.Cells.UncommittedBytes, rig.Read().Histograms.Count));
        }

        rig.Increase(0, 9_000, Cut, 0, 0, 1);
        Assert.Equal("[1 2] 1 0 2000000000 +2:1 - NaN..NaN 1 10000000000 False", Counted.Describe(rig.Read().Histograms.Single().Value));
    }

    private static string Described(Point[] points)
    {
        var rig = new HistogramRig();
        foreach (var point in points)
        {
            point.SendTo(rig);
        }

        return rig.Read().Describe();
    }

    private sealed record Point(bool Exponential, int Start, int End, long[] Counts, double Sum, bool Ranged)
    {
        public void SendTo(HistogramRig rig)
        {
            // Two have no value.
            var sample = rig.Sample(Start, End, Exponential ? Powers : Cut) with { IsIncrease = true, Count = Counts.Sum() + 2, Sum = Sum };
            rig.Send(Ranged ? sample with { Min = Start, Max = End } : sample, Counts, []);
        }
    }
}
