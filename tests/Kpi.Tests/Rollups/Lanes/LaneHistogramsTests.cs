using Kpi.Rollups.Cells;
using Kpi.Rollups.Intake;
using Kpi.Rollups.Time;
using Kpi.Tests.Rollups.Cells;

namespace Kpi.Tests.Rollups.Lanes;

/// <summary>The cases of the ingest reference, 3.1, 3.2 and 3.5, in buckets; times in seconds.</summary>
public sealed class LaneHistogramsTests
{
    private static readonly HistogramLayout Cut = HistogramLayout.Of([1, 2]);
    private static readonly HistogramLayout Other = HistogramLayout.Of([1, 3]);

    private readonly HistogramRig rig = new();

    [Fact]
    public void A_total_of_the_same_start_adds_the_difference_of_every_bucket()
    {
        rig.Total(1, 5, Cut, 1, 2, 3);
        Assert.Equal([1, 2, 3, 0, 0], rig.Buckets(Cut));
        rig.Total(1, 15, Cut, 1, 4, 9);
        Assert.Equal([1, 4, 9, 0, 0], rig.Buckets(Cut));
        var counts = rig.Counts(Cut);
        Assert.Equal((14, 14, FixedSum.From(22)), (counts.Count, counts.InBuckets, counts.Sum));
        var second = rig.Read().Histograms.Single(h => h.Key.Slice == Slice.Of(new UnixNanos(HistogramRig.At(15))).Number).Value;
        Assert.Equal((8, 1, 5 * HistogramRig.Second), (second.Increase.Count, second.Samples, second.LastOffset));
    }

    [Fact]
    public void A_first_total_counts_if_it_was_begun_not_long_before()
    {
        rig.Total(1, 302, Cut, 1, 2, 3);
        Assert.Equal(0, rig.Counts(Cut).Count);
        rig.Total(1, 310, Cut, 2, 2, 4);
        Assert.Equal([1, 0, 1, 0, 0], rig.Buckets(Cut));
        Assert.Equal(1, rig[RejectReason.UnknownStart]);
    }

    [Fact]
    public void A_new_start_is_a_reset_even_when_nothing_fell()
    {
        rig.Total(1, 5, Cut, 1, 2, 3);
        rig.Total(6, 15, Cut, 10, 10, 10);
        rig.Total(6, 25, Cut, 11, 10, 10);
        Assert.Equal([12, 12, 13, 0, 0], rig.Buckets(Cut));
        Assert.Equal(0, rig[RejectReason.ResetWithoutStart]);
    }

    [Theory]
    [InlineData(1, 1, 1)] // all fell
    [InlineData(0, 9, 9)] // one bucket fell, the count grew
    public void A_fall_without_a_new_start_is_a_reset_with_a_remark(long first, long second, long third)
    {
        rig.Total(1, 5, Cut, 1, 2, 3);
        rig.Total(1, 15, Cut, first, second, third);
        Assert.Equal([1 + first, 2 + second, 3 + third, 0, 0], rig.Buckets(Cut));
        Assert.Equal(1, rig[RejectReason.ResetWithoutStart]);
    }

    [Fact]
    public void Fewer_events_without_a_value_are_a_reset_too()
    {
        rig.Send(rig.Sample(1, 5, Cut) with { Count = 10 }, [4, 4, 0], []);
        rig.Send(rig.Sample(1, 15, Cut) with { Count = 11 }, [4, 4, 3], []);
        var counts = rig.Counts(Cut);
        Assert.Equal((21, 19, 1), (counts.Count, counts.InBuckets, rig[RejectReason.ResetWithoutStart]));
    }

    [Fact]
    public void A_sum_that_falls_is_no_reset()
    {
        rig.Send(rig.Sample(1, 5, Cut) with { Count = 2, Sum = 10 }, [0, 0, 2], []);
        rig.Send(rig.Sample(1, 15, Cut) with { Count = 3, Sum = 4 }, [1, 0, 2], []);
        Assert.Equal((3, FixedSum.From(4)), (rig.Counts(Cut).Count, rig.Counts(Cut).Sum));
        rig.Send(rig.Sample(1, 25, Cut) with { Count = 4 }, [2, 0, 2], []);
        Assert.Null(rig.Counts(Cut).Sum);
    }

    [Fact]
    public void A_point_not_newer_than_the_newest_adds_nothing()
    {
        rig.Total(1, 5, Cut, 1, 2, 3);
        rig.Total(1, 25, Cut, 2, 3, 4);
        rig.Total(1, 25, Cut, 2, 3, 4);
        rig.Total(1, 25, Cut, 2, 3, 5);
        rig.Total(1, 15, Cut, 1, 3, 3);
        Assert.Equal((1, 1, 1), (rig[RejectReason.DuplicatePoint], rig[RejectReason.OverlappingSenders], rig[RejectReason.OutOfOrder]));
        rig.Total(1, 35, Cut, 3, 3, 4);
        Assert.Equal([3, 3, 4, 0, 0], rig.Buckets(Cut));
    }

    [Fact]
    public void The_end_of_an_earlier_life_that_comes_late_is_not_lost()
    {
        rig.Total(1, 5, Cut, 1, 2, 3);
        rig.Total(16, 25, Cut, 1, 0, 0);
        rig.Total(1, 15, Cut, 1, 2, 4);
        rig.Total(16, 35, Cut, 1, 1, 0);
        Assert.Equal([2, 3, 4, 0, 0], rig.Buckets(Cut));
    }

    [Fact]
    public void Several_senders_of_one_series_are_told_apart_by_their_starts()
    {
        for (var i = 0; i < 4; i++)
        {
            rig.Total(1 + i, 10 + i, Cut, 10 * (i + 1), 0, 0);
        }

        for (var i = 3; i >= 0; i--)
        {
            rig.Total(1 + i, 20 + i, Cut, (10 * (i + 1)) + 1, 0, 0);
        }

        Assert.Equal(104, rig.Counts(Cut).Count);
        Assert.Equal(3, rig[RejectReason.OverlappingSenders]);
    }

    // 3.5: downscale the finer to the coarser, then subtract.
    [Fact]
    public void A_lower_scale_goes_on_from_the_finer_buckets_before()
    {
        var (fine, coarse) = (HistogramLayout.Of(2, 0), HistogramLayout.Of(1, 0));
        Exponential(1, 5, fine, zeros: 1, 0, [1, 2, 3, 4, 5], -3, [2, 2]);
        Exponential(1, 15, coarse, zeros: 1, 0, [3, 8, 5], -2, [2, 3]);
        var added = rig.Counts(coarse);
        Assert.Equal("2^-1±0 2 0 0 +1:1 -" + "-1:1", Counted.Describe(added));
        Exponential(1, 25, coarse, zeros: 2, 0, [3, 8, 6], -2, [2, 3]);
        Assert.Equal("2^-1±0 4 1 0 +1:1,2:1 -" + "-1:1", Counted.Describe(rig.Counts(coarse)));
        Assert.Equal((20, 1), (rig.Counts(fine).Count, rig.Counts(fine).Zeros));
        Assert.Equal(0, rig[RejectReason.ResetWithoutStart] + rig[RejectReason.BucketsChanged]);
    }

    [Fact]
    public void A_fall_seen_in_the_coarser_buckets_is_a_reset()
    {
        Exponential(1, 5, HistogramLayout.Of(2, 0), 0, 0, [1, 2, 3, 4], 0, []);
        Exponential(1, 15, HistogramLayout.Of(1, 0), 0, 0, [2, 20], 0, []);
        Assert.Equal((22, 1), (rig.Counts(HistogramLayout.Of(1, 0)).Count, rig[RejectReason.ResetWithoutStart]));
    }

    public static TheoryData<int, int> Changes => new() { { 0, 1 }, { 2, 3 }, { 4, 2 }, { 2, 5 }, { 0, 2 } };

    [Theory]
    [MemberData(nameof(Changes))]
    public void Other_buckets_without_a_new_start_are_a_baseline_and_with_one_a_new_life(int before, int after)
    {
        // Bounds, other bounds, a scale, a finer scale, a threshold, and both lower and another threshold.
        HistogramLayout[] all = [Cut, Other, HistogramLayout.Of(2, 0), HistogramLayout.Of(3, 0), HistogramLayout.Of(2, 0.5), HistogramLayout.Of(1, 0.5)];
        rig.Total(1, 5, all[before], 1, 2, 3);
        rig.Total(1, 15, all[after], 5, 5, 5);
        Assert.Equal((0, 1), (rig.Counts(all[after]).Count, rig[RejectReason.BucketsChanged]));
        rig.Total(1, 25, all[after], 5, 6, 5);
        Assert.Equal([0, 1, 0, 0, 0], rig.Buckets(all[after]));
        rig.Total(26, 35, all[before], 7, 7, 7);
        Assert.Equal([8, 9, 10, 0, 0], rig.Buckets(all[before]));
        Assert.Equal((1, 0), (rig[RejectReason.BucketsChanged], rig[RejectReason.ResetWithoutStart]));
    }

    [Fact]
    public void A_stale_point_ends_the_series_in_its_buckets_and_forgets_nothing()
    {
        rig.Total(1, 5, Cut, 1, 2, 3);
        rig.Stale(6);
        var cell = Assert.Single(rig.Read().Histograms).Value;
        Assert.Equal((true, 2, 6), (cell.Stale, cell.Samples, cell.Increase.Count));
        rig.Total(1, 7, Cut, 1, 2, 4);
        cell = Assert.Single(rig.Read().Histograms).Value;
        Assert.Equal((false, 3, 7), (cell.Stale, cell.Samples, cell.Increase.Count));
    }

    [Fact]
    public void The_running_totals_are_in_the_cell_of_the_point()
    {
        rig.Total(1, 5, Cut, 1, 2, 3);
        rig.Total(1, 8, Cut, 1, 3, 3);
        var cell = Assert.Single(rig.Read().Histograms).Value;
        Assert.Equal($"{HistogramRig.At(1)} {8 * HistogramRig.Second} [1 2] 7 0 9000000000 +0:1,1:3,2:3 -", Counted.DescribeTotals(cell));
        rig.Increase(15, 16, Cut, 1, 1, 1);
        Assert.False(rig.Read().Histograms.Single(h => h.Key.Slice != Slice.Of(new UnixNanos(HistogramRig.At(5))).Number).Value.HasTotals);
    }

    [Fact]
    public void Totals_behind_increases_begin_with_a_baseline()
    {
        rig.Increase(1, 5, Cut, 1, 2, 3);
        rig.Total(1, 15, Cut, 5, 5, 5);
        Assert.Equal(6, rig.Counts(Cut).Count);
        rig.Total(1, 25, Cut, 5, 6, 5);
        Assert.Equal(7, rig.Counts(Cut).Count);
    }

    [Fact]
    public void Too_many_series_share_one_for_increases_and_totals_add_nothing_there()
    {
        var overflow = new HistogramRig(overflow: true);
        overflow.Increase(1, 5, Cut, 1, 2, 3);
        overflow.Increase(1, 5, Cut, 1, 2, 3);
        overflow.Total(1, 8, Cut, 100, 100, 100);
        Assert.Equal([2, 4, 6, 0, 0], overflow.Buckets(Cut));
        Assert.Equal(0, overflow[RejectReason.OverlappingSenders]);
    }

    private void Exponential(double start, double time, HistogramLayout layout, long zeros, int first, long[] positive, int firstUnder, long[] negative) => rig.Send(
        rig.Sample(start, time, layout) with { Count = zeros + positive.Sum() + negative.Sum(), Sum = 0, Zeros = zeros, PositiveFirst = first, NegativeFirst = firstUnder },
        positive,
        negative);
}
