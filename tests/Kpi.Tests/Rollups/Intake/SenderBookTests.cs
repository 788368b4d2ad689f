using System.Text;
using Kpi.Rollups.Intake;

namespace Kpi.Tests.Rollups.Intake;

public sealed class SenderBookTests
{
    private const long Second = 1_000_000_000;
    private const long Noon = 1_795_348_800 * Second;

    private readonly SenderBook book = new(Noon);
    private readonly int[] reasons = new int[Enum.GetValues<RejectReason>().Length];

    [Fact]
    public void A_sender_is_an_address_and_a_service()
    {
        Take("10.0.0.1", "shop", Noon, 3);
        Take("10.0.0.1", "billing", Noon, 4);
        Take("10.0.0.2", "shop", Noon, 5);
        Take("10.0.0.1", "shop", Noon + Second, 6);
        Assert.Equal(
            [("10.0.0.1", "billing", 4), ("10.0.0.1", "shop", 9), ("10.0.0.2", "shop", 5)],
            book.Read(Noon).Select(s => (s.Peer, s.Service, s.Items)).Order());
        Assert.Equal(3, book.Count);
    }

    [Fact]
    public void It_keeps_what_was_sent_rejected_refused_and_repeated()
    {
        reasons[(int)RejectReason.TooOld] = 2;
        reasons[(int)RejectReason.SeriesOverflow] = 7;
        Take("10.0.0.1", "shop", Noon, 3);
        book.Refuse(Body("10.0.0.1", "shop", Noon + Second, TelemetrySignal.Metrics), RejectReason.Overloaded);
        book.Repeat(Body("10.0.0.1", "shop", Noon + (2 * Second)));
        var sender = Assert.Single(book.Read(Noon + (9 * Second)));
        Assert.Equal((3, 1, Noon + (2 * Second)), (sender.Items, sender.Repeated, sender.LastHeard));
        Assert.Equal((3 * 100, 3 * 1_000), (sender.SentBytes, sender.InflatedBytes));
        Assert.Equal([TelemetrySignal.Traces, TelemetrySignal.Metrics], sender.Signals);
        Assert.Equal(
            [(RejectReason.Overloaded, 1), (RejectReason.TooOld, 2), (RejectReason.SeriesOverflow, 7)],
            sender.Reasons.Select(r => (r.Key, r.Value)).Order());
    }

    [Fact]
    public void When_there_are_too_many_those_silent_for_longest_leave_and_one_who_comes_back_begins_anew()
    {
        for (var i = 0; i < SenderBook.MostSenders; i++)
        {
            Take("10.0.0.1", $"s{i}", Noon + i, 1);
        }

        Take("10.0.0.1", "s0", Noon + (Second * 60), 1);
        Take("10.0.0.1", "one more", Noon + (Second * 61), 1);
        var known = book.Read(Noon + (Second * 61)).ToDictionary(s => s.Service);
        Assert.InRange(book.Count, SenderBook.MostSenders / 2, SenderBook.MostSenders);
        Assert.Equal((known.Count, SenderBook.MostSenders + 1 - known.Count), (book.Count, book.Forgotten));
        Assert.Equal(2, known["s0"].Items);
        Assert.Contains("one more", known.Keys);
        Assert.DoesNotContain("s1", known.Keys);
        Assert.Contains($"s{SenderBook.MostSenders - 1}", known.Keys);
        Take("10.0.0.1", "s1", Noon + (Second * 62), 1);
        Assert.Equal(1, book.Read(Noon).Single(s => s.Service == "s1").Items);
    }

    [Fact]
    public void However_many_names_are_made_up_the_book_stays_small()
    {
        for (var i = 0; i < 5 * SenderBook.MostSenders; i++)
        {
            Take("10.0.0.1", $"s{i}", Noon + i, 1);
            Assert.True(book.Count <= SenderBook.MostSenders);
        }

        Assert.Equal(5 * SenderBook.MostSenders, book.Count + book.Forgotten);
    }

    [Fact]
    public void Names_that_are_too_long_or_no_text_find_a_place()
    {
        Take("10.0.0.1", new string('x', 257), Noon, 1);
        Take(new string('1', 161), "shop", Noon, 1);
        book.Take(new HeardBody { Service = [0xFF, 0xFE], Receipt = Noon }, 1, 0, reasons);
        Assert.Equal(
            [("", "\uFFFD\uFFFD"), ("10.0.0.1", "_OTHER"), ("_OTHER", "shop")],
            book.Read(Noon).Select(s => (s.Peer, s.Service)).OrderBy(s => s.Peer, StringComparer.Ordinal));
    }

    [Fact]
    public void A_known_sender_costs_no_allocation()
    {
        Take("10.0.0.1", "shop", Noon, 1);
        Once();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            Once();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Once()
        {
            var body = new HeardBody { Peer = "10.0.0.1"u8, Service = "shop"u8, Signal = TelemetrySignal.Traces, Receipt = Noon, SentBytes = 100 };
            book.Take(in body, 1, Noon, reasons);
            book.Repeat(in body);
            book.Refuse(in body, RejectReason.TooLarge);
        }
    }

    [Fact]
    public async Task Counts_from_many_threads_add_up()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(t => Task.Run(() =>
        {
            for (var i = 0; i < 5_000; i++)
            {
                Take("10.0.0.1", $"s{i % 50}", Noon + i, 2);
            }
        })));
        Assert.Equal(50, book.Count);
        Assert.Equal(40_000, book.Read(Noon).Sum(s => s.Items));
    }

    [Fact]
    public void A_steady_sender_has_its_rate_from_its_first_bodies_on()
    {
        for (var at = Noon; at < Noon + (300 * Second); at += 5 * Second)
        {
            Take("10.0.0.1", "shop", at, 500);
            if (at > Noon + (30 * Second))
            {
                // In the middle between two bodies.
                var sender = Assert.Single(book.Read(at + (Second * 5 / 2)));
                Assert.InRange(sender.ItemsPerSecond, 90, 115);
                Assert.InRange(sender.BytesPerSecond, 18, 23);
            }
        }
    }

    [Fact]
    public void One_body_is_no_rate_of_a_moment_and_a_silent_sender_has_none()
    {
        Take("10.0.0.1", "shop", Noon, 1_000);
        Assert.InRange(Assert.Single(book.Read(Noon)).ItemsPerSecond, 90, 110);
        Assert.InRange(Assert.Single(book.Read(Noon + (600 * Second))).ItemsPerSecond, 0, 0.01);
    }

    [Theory]
    [InlineData(-300)]
    [InlineData(-3)]
    [InlineData(0)]
    [InlineData(90)]
    public void A_clock_is_told_by_the_least_delay_of_the_last_minutes(int behindSeconds)
    {
        for (var i = 0; i < 60; i++)
        {
            var (receipt, delay) = (Noon + (i * 5 * Second), (1 + (i % 7)) * Second / 10);
            Take("10.0.0.1", "shop", receipt, 1, newest: receipt - delay - (behindSeconds * Second));
        }

        var skew = Assert.Single(book.Read(Noon + (300 * Second))).ClockBehind;
        Assert.Equal(TimeSpan.FromSeconds(behindSeconds + 0.1), skew);
    }

    [Fact]
    public void A_clock_that_was_set_right_is_right_some_minutes_later_and_that_of_a_silent_sender_is_unknown()
    {
        Take("10.0.0.1", "shop", Noon, 1, newest: Noon + (60 * Second));
        Take("10.0.0.1", "shop", Noon + (140 * Second), 1, newest: Noon + (140 * Second));
        Assert.Equal(-60, Skew(Noon + (140 * Second)));
        Take("10.0.0.1", "shop", Noon + (310 * Second), 1, newest: Noon + (309 * Second));
        Assert.Equal(1, Skew(Noon + (310 * Second)));
        Assert.Null(Skew(Noon + (900 * Second)));

        double? Skew(long at) => Assert.Single(book.Read(at)).ClockBehind?.TotalSeconds;
    }

    [Fact]
    public void Without_times_nothing_is_said_of_the_clock()
    {
        Take("10.0.0.1", "shop", Noon, 1);
        Assert.Null(Assert.Single(book.Read(Noon)).ClockBehind);
    }

    private static HeardBody Body(string peer, string service, long receipt, TelemetrySignal signal = TelemetrySignal.Traces) => new()
    {
        Peer = Encoding.UTF8.GetBytes(peer),
        Service = Encoding.UTF8.GetBytes(service),
        Signal = signal,
        Receipt = receipt,
        SentBytes = 100,
        InflatedBytes = 1_000,
    };

    private void Take(string peer, string service, long receipt, int items, long newest = 0) =>
        book.Take(Body(peer, service, receipt), items, newest, reasons);
}
