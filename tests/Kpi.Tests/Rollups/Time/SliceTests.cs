using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using Kpi.Rollups.Time;

namespace Kpi.Tests.Rollups.Time;

public sealed class SliceTests
{
    private const long Second = 1_000_000_000;

    private static readonly Gen<long> AnyInstant = Gen.OneOf(
        Between.Of(0, long.MaxValue - Slice.LengthNanos),
        from number in Gen.Choose(0, 900_000_000) from off in Gen.Choose(-2, 2) select Math.Max(0, (number * Slice.LengthNanos) + off));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(10 * Second - 1, 1)]
    [InlineData(10 * Second, 1)]
    [InlineData(10 * Second + 1, 2)]
    [InlineData(1_763_798_400 * Second, 176_379_840)] // 2025-11-22T08:00:00Z
    [InlineData(1_763_798_400 * Second + 1, 176_379_841)]
    public void An_edge_belongs_to_the_slice_that_ends_there(long nanos, int number) =>
        Assert.Equal(number, Slice.Of(new UnixNanos(nanos)).Number);

    [Fact]
    public void An_instant_lies_after_the_start_of_its_slice_and_not_after_its_end() => Prop.ForAll(AnyInstant.ToArbitrary(), nanos =>
    {
        var slice = Slice.Of(new UnixNanos(nanos));
        var end = new BigInteger(slice.Number) * Slice.LengthNanos;
        Assert.Equal(end, slice.End.Value);
        Assert.True(end - Slice.LengthNanos < nanos && nanos <= end);
        Assert.Equal(slice, Slice.Of(slice.End));
        Assert.Equal(slice.Plus(1), Slice.Of(new UnixNanos(slice.End.Value + 1)));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    [Fact]
    public void The_last_instant_has_a_slice() =>
        Assert.Equal(922_337_204, Slice.Of(new UnixNanos(long.MaxValue)).Number);

    [Fact]
    public void A_window_ends_at_the_next_edge_and_is_as_long_as_asked_for() =>
        Prop.ForAll(AnyInstant.ToArbitrary(), Between.Of(1, TimeSpan.TicksPerDay * 400).ToArbitrary(), (nanos, ticks) =>
        {
            var now = new UnixNanos(nanos);
            var window = SliceRange.EndingAt(now, TimeSpan.FromTicks(ticks));
            Assert.Equal(Slice.Of(now), window.Last);
            Assert.InRange(window.To.Value - nanos, 0, Slice.LengthNanos - 1);
            Assert.Equal((new BigInteger(ticks) + Slice.Length.Ticks - 1) / Slice.Length.Ticks, window.Count);
            Assert.Equal(new BigInteger(window.Count) * Slice.LengthNanos, new BigInteger(window.To.Value) - window.From.Value);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    [Fact]
    public void A_range_holds_its_first_and_its_last_slice_and_nothing_outside()
    {
        var range = new SliceRange(new Slice(5), new Slice(7));
        Assert.Equal([5, 6, 7], Enumerable.Range(0, 12).Where(n => range.Contains(new Slice(n))));
        Assert.Equal((3, 40 * Second, 70 * Second), (range.Count, range.From.Value, range.To.Value));
    }

    [Fact]
    public void A_window_of_no_length_holds_nothing()
    {
        var window = SliceRange.EndingAt(new UnixNanos(100 * Second), TimeSpan.Zero);
        Assert.Equal((0, false), (window.Count, window.Contains(window.Last)));
    }

    [Fact]
    public void Instants_and_dates_are_the_same_to_100_ns()
    {
        var date = new DateTimeOffset(2026, 11, 22, 9, 30, 0, 123, TimeSpan.FromHours(1)).AddTicks(4_567);
        Assert.Equal(1_795_336_200_123_456_700, UnixNanos.From(date).Value);
        Assert.Equal(date, UnixNanos.From(date).ToDateTimeOffset());
        Assert.Equal(0, UnixNanos.From(DateTimeOffset.UnixEpoch).Value);
        Assert.Throws<OverflowException>(() => UnixNanos.From(DateTimeOffset.MaxValue));
    }
}
