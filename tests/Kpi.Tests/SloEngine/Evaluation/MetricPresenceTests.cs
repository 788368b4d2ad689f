using Kpi.Rollups.Time;
using Kpi.SloEngine.Evaluation;

namespace Kpi.Tests.SloEngine.Evaluation;

public sealed class MetricPresenceTests
{
    private static readonly MeasuredTwice Shop = new("shop", "http.server.request.duration");

    private readonly MetricPresence presence = new();

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
            var noted = new MetricPresence();
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
            presence.Note(Shop with { Service = $"s{i}" }, new Slice(1_000));
        }

        Assert.Null(presence.ChangedSince(0));
        Assert.Equal(5, presence.ChangedSince(1_995)!.Count);
    }
}
