using Kpi.Rollups.Cells;
using Kpi.Rollups.Counters;
using Kpi.Rollups.Intake;
using Kpi.Rollups.Lanes;
using Kpi.Rollups.Time;

namespace Kpi.Tests.Rollups.Counters;

/// <summary>The cases of the ingest reference, 3.1 and 3.2; times in seconds, S for start, T for time, V for value.</summary>
public sealed class CounterStateTests
{
    private const long Second = 1_000_000_000;

    private readonly CounterState state = new();

    [Theory]
    [InlineData(700, 1000, 7, 700)] // 300 s: counted since the start
    [InlineData(699, 1000, 0, 1000)] // longer ago: nobody knows when
    [InlineData(0, 1000, 0, 1000)] // not told
    [InlineData(1000, 1000, 0, 1000)] // just begun, so the value is of before
    public void A_first_total_counts_if_it_was_begun_not_long_before(long start, long time, long increase, long from)
    {
        var step = Total(start, time, 7);
        AssertAdds(increase, from, step);
        Assert.Equal(increase == 0 ? RejectReason.UnknownStart : null, step.Remark);
        AssertAdds(5, time, Total(start, time + 60, 12));
    }

    [Fact]
    public void A_start_behind_the_point_is_none() =>
        Assert.Equal(CounterStep.Baseline(1000 * Second, RejectReason.UnknownStart), Total(1001, 1000, 7));

    [Fact]
    public void A_total_of_the_same_start_adds_the_difference()
    {
        Total(990, 1000, 10);
        AssertAdds(20, 1000, Total(990, 1010, 30));
        AssertAdds(0, 1010, Total(990, 1020, 30));
        AssertAdds(1, 1020, Total(0, 1030, 31));
        AssertAdds(1, 1030, Total(990, 1040, 32));
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(1005)]
    public void A_new_start_after_the_newest_point_is_a_reset_even_when_the_value_did_not_fall(long start)
    {
        Total(990, 1000, 10);
        AssertAdds(15, start, Total(start, 1010, 15));
        AssertAdds(1, 1010, Total(start, 1020, 16));
    }

    [Fact]
    public void A_reset_counts_however_long_the_new_life_lasts_already()
    {
        Total(990, 1000, 10);
        AssertAdds(15, 1001, Total(1001, 9000, 15));
    }

    [Fact]
    public void A_reset_at_the_point_itself_is_a_baseline()
    {
        Total(990, 1000, 10);
        Assert.Equal(CounterStep.Baseline(1010 * Second, RejectReason.UnknownStart), Total(1010, 1010, 3));
        AssertAdds(2, 1010, Total(1010, 1020, 5));
    }

    [Fact]
    public void A_fall_without_a_new_start_is_a_reset_with_a_remark()
    {
        Total(990, 1000, 10);
        var step = Total(990, 1010, 4);
        AssertAdds(4, 1000, step);
        Assert.Equal(RejectReason.ResetWithoutStart, step.Remark);
        Total(0, 1020, 2);
        AssertAdds(1, 1020, Total(990, 1030, 3));
    }

    [Fact]
    public void A_point_not_newer_than_the_newest_adds_nothing()
    {
        Total(990, 1000, 10);
        Total(990, 1020, 30);
        Assert.Equal(CounterStep.Dropped(RejectReason.DuplicatePoint), Total(990, 1020, 30));
        Assert.Equal(CounterStep.Dropped(RejectReason.OverlappingSenders), Total(990, 1020, 31));
        Assert.Equal(CounterStep.Dropped(RejectReason.OutOfOrder), Total(990, 1010, 20));
        Assert.Equal(CounterStep.Dropped(RejectReason.OutOfOrder), Total(980, 1010, 20));
        AssertAdds(5, 1020, Total(990, 1030, 35));
    }

    [Fact]
    public void The_end_of_an_earlier_life_that_comes_late_is_not_lost()
    {
        Total(990, 1000, 10);
        AssertAdds(3, 1015, Total(1015, 1020, 3));
        AssertAdds(4, 1000, Total(990, 1010, 14));
        AssertAdds(1, 1020, Total(1015, 1030, 4));
    }

    // 2 × interval when it is known, 5 min else.
    [Theory]
    [InlineData(false, 1030, 1330, true)]
    [InlineData(false, 1030, 1331, false)]
    [InlineData(true, 1025, 1045, true)]
    [InlineData(true, 1024, 1045, false)]
    public void Another_sender_of_the_same_series_is_told_apart_by_its_start(bool knownInterval, long start, long time, bool counts)
    {
        Total(990, knownInterval ? 1030 : 1040, 1000);
        if (knownInterval)
        {
            Total(990, 1040, 1000);
        }

        var step = Total(start, time, 7);
        AssertAdds(counts ? 7 : 0, counts ? start : time, step);
        Assert.Equal(RejectReason.OverlappingSenders, step.Remark);
        AssertAdds(10, 1040, Total(990, time + 5, 1010));
        AssertAdds(2, time, Total(start, time + 6, 9));
    }

    [Fact]
    public void Of_many_senders_of_one_series_those_heard_last_are_remembered()
    {
        for (var sender = 0; sender < 10; sender++)
        {
            Total(900 + sender, 1000 + sender, 100);
        }

        for (var sender = 6; sender < 10; sender++)
        {
            AssertAdds(1, 1000 + sender, Total(900 + sender, 1020 + sender, 101));
        }
    }

    [Fact]
    public void An_increase_is_added_whenever_it_comes_and_an_overlap_is_noticed()
    {
        AssertAdds(7, 990, Increase(990, 1000, 7));
        AssertAdds(7, 1000, Increase(1000, 1010, 7));
        AssertAdds(7, 1010, Increase(0, 1010, 7));
        Assert.Null(Increase(1020, 1030, 7).Remark);
        var again = Increase(1020, 1030, 7);
        AssertAdds(7, 1020, again);
        Assert.Equal(RejectReason.OverlappingSenders, again.Remark);
    }

    [Fact]
    public void Totals_behind_increases_begin_with_a_baseline()
    {
        Total(990, 1000, 10);
        Increase(1000, 1010, 5);
        AssertAdds(0, 1020, Total(990, 1020, 20));
        AssertAdds(1, 1020, Total(990, 1030, 21));
    }

    [Fact]
    public void A_stale_mark_changes_nothing()
    {
        Total(990, 1000, 10);
        AssertAdds(0, 1010, state.Take(CounterSample.Stale(0, new UnixNanos(1010 * Second))));
        AssertAdds(3, 1000, Total(990, 1020, 13));
    }

    private CounterStep Total(long start, long time, long value) =>
        state.Take(CounterSample.Total(0, new UnixNanos(start * Second), new UnixNanos(time * Second), value));

    private CounterStep Increase(long start, long time, long value) =>
        state.Take(CounterSample.Increase(0, new UnixNanos(start * Second), new UnixNanos(time * Second), value));

    private static void AssertAdds(long increase, long from, CounterStep step) =>
        Assert.Equal((true, FixedSum.From(increase), from * Second), (step.IsSample, step.Increase, step.From));
}
