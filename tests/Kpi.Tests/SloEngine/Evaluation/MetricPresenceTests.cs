using Kpi.Rollups.Time;
using Kpi.SloEngine.Evaluation;

namespace Kpi.Tests.SloEngine.Evaluation;

public sealed class MetricPresenceTests
{
    private static readonly MeasuredTwice Shop = new("shop", "http.server.request.duration");

    private readonly MetricPresence presence = new(TimeTier.Slices);

    [Fact]
    public void A_point_tells_of_five_minutes_to_either_side()
    {
        presence.Note(Shop, new Slice(1_000));
        Assert.Equal([false, true, true, false], ((int[])[969, 970, 1_030, 1_031]).Select(s => presence.Tells(Shop, new Slice(s))));
        Assert.False(presence.Tells(Shop with { Service = "other" }, new Slice(1_000)));
        Assert.False(presence.Tells(Shop with { Metric = "rpc.server.call.duration" }, new Slice(1_000)));
    }

    [Fact]
    public void Only_new_time_is_a_change()
    {
        presence.Note(Shop, new Slice(1_000));
        var version = presence.Version;
        presence.Note(Shop, new Slice(1_000));
        Assert.Equal(version, presence.Version);
        presence.Note(Shop, new Slice(1_006));
        Assert.Equal([new SliceRange(new Slice(1_031), new Slice(1_036))], presence.ChangedSince(version)!);
        Assert.Empty(presence.ChangedSince(presence.Version)!);
    }

    [Fact]
    public void Any_order_of_points_tells_of_the_same_time()
    {
        var random = new Random(5);
        int[] points = [.. Enumerable.Range(0, 60).Select(_ => random.Next(3_000))];
        bool[] expected = [.. Enumerable.Range(0, 3_100).Select(s => points.Any(p => Math.Abs(p - s) <= MetricPresence.Reach))];
        for (var order = 0; order < 5; order++)
        {
            random.Shuffle(points);
            var noted = new MetricPresence(TimeTier.Slices);
            foreach (var point in points)
            {
                noted.Note(Shop, new Slice(point));
            }

            Assert.Equal(expected, Enumerable.Range(0, 3_100).Select(s => noted.Tells(Shop, new Slice(s))));
        }
    }

    [Fact]
    public void Too_many_changes_are_not_told_apart()
    {
        for (var i = 0; i < 2_000; i++)
        {
            presence.Note(Shop with { Service = $"s{i}" }, new Slice(100 * i));
        }

        Assert.Null(presence.ChangedSince(0));
        Assert.Equal(5, presence.ChangedSince(1_995)!.Count);
    }

    [Fact]
    public void Services_that_begin_to_tell_of_the_same_time_are_one_change()
    {
        for (var i = 0; i < 5_000; i++)
        {
            presence.Note(Shop with { Service = $"s{i}" }, new Slice(1_000 + (i % 3)));
        }

        Assert.Equal([new SliceRange(new Slice(970), new Slice(1_032))], presence.ChangedSince(0)!);
        Assert.Equal(presence.ChangedSince(0)!, presence.ChangedSince(4_999)!);
        var version = presence.Version;
        for (var slice = 1_003; slice < 1_203; slice++)
        {
            presence.Note(Shop with { Service = "s0" }, new Slice(slice));
        }

        Assert.Equal((1_031, 1_232), Bounds(presence.ChangedSince(version)!));
        Assert.InRange(Bounds(presence.ChangedSince(presence.Version - 1)!).First, 1_202, 1_232);
    }

    [Fact]
    public void A_cell_longer_than_the_reach_tells_of_its_own_time_alone()
    {
        var roles = SeriesRolesTests.Roles(Platform.Kpis);
        var days = roles.PresenceOf(TimeTier.Days);
        var day = TierMath.SpanOf(TimeTier.Days, 20_000);
        days.Note(Shop, day);
        Assert.Equal(
            [false, true, true, false],
            ((Slice[])[day.First.Plus(-1), day.First, day.Last, day.Last.Plus(1)]).Select(s => days.Tells(Shop, s)));
        Assert.All(((TimeTier[])[TimeTier.Slices, TimeTier.Minutes, TimeTier.Quarters]), t => Assert.False(roles.PresenceOf(t).Tells(Shop, day)));
    }

    [Theory]
    [InlineData(TimeTier.Slices)]
    [InlineData(TimeTier.Minutes)]
    [InlineData(TimeTier.Quarters)]
    [InlineData(TimeTier.Days)]
    public void What_is_not_rolled_up_yet_tells_of_the_same_time_as_when_it_is(TimeTier tier)
    {
        var (now, later) = (new MetricPresence(tier), new MetricPresence(tier));
        var cell = TierMath.SpanOf(tier, 20_000);
        now.Note(Shop, cell.First);
        later.Note(Shop, cell);
        Assert.Equal(later.ChangedSince(0)!, now.ChangedSince(0)!);
    }

    [Fact]
    public void Times_that_no_window_reaches_are_forgotten()
    {
        presence.Note(Shop, new Slice(1_000));
        presence.Note(Shop with { Service = "gone" }, new Slice(1_000));
        var late = new Slice(1_000 + MetricPresence.MostSlices + 100);
        presence.Note(Shop, late);
        Assert.Equal((false, false, true), (presence.Tells(Shop, new Slice(1_000)), presence.Tells(Shop with { Service = "gone" }, new Slice(1_000)), presence.Tells(Shop, late)));
        var version = presence.Version;
        presence.Note(Shop, new Slice(1_000));
        Assert.Equal(version, presence.Version);
    }

    [Fact]
    public void Too_many_pairs_are_forgotten_and_all_is_to_be_read_anew()
    {
        for (var i = 0; i < MetricPresence.MostTold; i++)
        {
            presence.Note(Shop with { Service = $"s{i}" }, new Slice(1_000));
        }

        var full = presence.Version;
        Assert.NotNull(presence.ChangedSince(full - 1));
        presence.Note(Shop, new Slice(1_000));
        Assert.Null(presence.ChangedSince(full));
        Assert.Equal((false, true), (presence.Tells(Shop with { Service = "s0" }, new Slice(1_000)), presence.Tells(Shop, new Slice(1_000))));
    }

    private static (int First, int Last) Bounds(IReadOnlyList<SliceRange> ranges) => (ranges.Min(r => r.First.Number), ranges.Max(r => r.Last.Number));
}
