using Kpi.Rollups.Identity;

namespace Kpi.Tests.Rollups.Identity;

public sealed class RetiringTests
{
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Flush = TimeSpan.FromSeconds(10);

    private readonly SeriesCatalog catalog = new(new RollupLimits { SeriesPerMetric = 2, IdleAfter = Idle });

    [Fact]
    public void A_series_without_samples_leaves_after_the_idle_time_and_makes_room()
    {
        Add("a", out _);
        Add("b", out _);
        Add("c", out var overflowed);
        Assert.True(overflowed);

        catalog.Retire(Idle);
        Assert.Equal(3, catalog.Count);
        catalog.Retire(Idle + Flush);

        Assert.Equal(1, catalog.Count); // the overflow series stays
        Add("c", out overflowed);
        Assert.False(overflowed);
    }

    [Fact]
    public void A_series_that_flushes_had_cells_of_stays()
    {
        var kept = Add("a", out _);
        kept.LastSampled = TimeSpan.FromMinutes(5);

        catalog.Retire(TimeSpan.FromMinutes(5) + Idle);

        Assert.Same(kept, Add("a", out _));
        Assert.True(catalog.IsCurrent(kept.Slot, kept.Generation));
    }

    [Fact]
    public void A_series_that_comes_back_has_its_id_in_another_slot_and_the_old_one_is_no_longer_current()
    {
        var before = Add("a", out _);
        catalog.Retire(Idle + Flush);

        var after = Add("a", out _);

        Assert.Equal(before.Identity.Id, after.Identity.Id);
        Assert.NotEqual(before.Slot, after.Slot);
        Assert.False(catalog.IsCurrent(before.Slot, before.Generation));
        Assert.Same(before, catalog[before.Slot]); // a batch decoded before still finds it
    }

    [Fact]
    public void A_slot_is_given_anew_only_after_as_long_again()
    {
        var before = Add("a", out _);
        catalog.Retire(Idle + Flush);
        catalog.Retire(Idle + Flush + Idle);
        Assert.NotEqual(before.Slot, Add("b", out _).Slot);

        catalog.Retire(Idle + Flush + Idle + Flush);

        var after = Add("c", out _);
        Assert.Equal(before.Slot, after.Slot);
        Assert.Equal(before.Generation + 1, after.Generation);
        Assert.True(catalog.IsCurrent(after.Slot, after.Generation));
    }

    private ActiveSeries Add(string route, out bool overflowed) =>
        catalog.GetOrAdd(SeriesKind.Distribution, "s", Labels.Of((LabelNames.MetricName, "m"), ("route", route)), out overflowed);
}
