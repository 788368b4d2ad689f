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
    public async Task Counts_from_many_threads_add_up()
    {
        var tally = new IntakeTally();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 5_000; i++)
            {
                tally.Count(RejectReason.TooOld, 2);
                tally.Take(3, 77);
            }
        })));
        Assert.Equal((40_000, 60_000, 77), (tally[RejectReason.TooOld], tally.Accepted, tally.LastReceived));
        Assert.Equal(40_000, tally.Changes);
        tally.Count(RejectReason.TooOld, 0);
        Assert.Equal(40_000, tally.Changes);
    }
}
