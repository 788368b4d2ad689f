using Kpi.Rollups.Intake;

namespace Kpi.Tests.Rollups.Intake;

public sealed class IntakeTallyTests
{
    [Fact]
    public void Every_reason_is_named_by_its_own_words()
    {
        foreach (var reason in Enum.GetValues<RejectReason>())
        {
            var words = string.Concat(reason.ToString().Select((c, i) => char.IsUpper(c) && i > 0 ? $"_{char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}"));
            Assert.Equal(words, IntakeTally.NameOf(reason));
        }
    }

    [Fact]
    public void A_remark_is_counted_in_spans_and_a_refused_request_in_requests()
    {
        Assert.True(IntakeTally.CountsRequests(RejectReason.Overloaded));
        Assert.False(IntakeTally.CountsRequests(RejectReason.TooOld));
        Assert.True(IntakeTally.IsRemark(RejectReason.SeriesOverflow));
        Assert.False(IntakeTally.IsRemark(RejectReason.TooFarAhead));
    }

    [Fact]
    public void Items_of_signals_and_requests_are_counted_apart_and_add_up_by_reason()
    {
        var tally = new IntakeTally();
        tally.Take(TelemetrySignal.Traces, 3, 5);
        tally.Take(TelemetrySignal.Logs, 4, 6);
        tally.Count(TelemetrySignal.Traces, RejectReason.TooOld);
        tally.Count(TelemetrySignal.Metrics, RejectReason.TooOld, 2);
        tally.Refuse(RejectReason.TooLarge);
        Assert.Equal((3, 0, 4), (tally.Accepted, tally.AcceptedOf(TelemetrySignal.Metrics), tally.AcceptedOf(TelemetrySignal.Logs)));
        Assert.Equal((1, 2, 0), (tally[TelemetrySignal.Traces, RejectReason.TooOld], tally[TelemetrySignal.Metrics, RejectReason.TooOld], tally[TelemetrySignal.Logs, RejectReason.TooOld]));
        Assert.Equal((3, 1), (tally[RejectReason.TooOld], tally[RejectReason.TooLarge]));
    }

    [Fact]
    public async Task Counts_from_many_threads_add_up()
    {
        var tally = new IntakeTally();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 5_000; i++)
            {
                tally.Count(TelemetrySignal.Metrics, RejectReason.TooOld, 2);
                tally.Take(TelemetrySignal.Traces, 3, 77);
            }
        })));
        Assert.Equal((40_000, 60_000, 77), (tally[RejectReason.TooOld], tally.Accepted, tally.LastReceived));
        Assert.Equal(40_000, tally.Changes);
        tally.Count(TelemetrySignal.Metrics, RejectReason.TooOld, 0);
        Assert.Equal(40_000, tally.Changes);
    }
}
