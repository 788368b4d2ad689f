using Kpi.Rollups.Store.Tiers;
using Kpi.Rollups.Time;

namespace Kpi.Tests.Rollups.Store;

public sealed class ReadPlanTests
{
    private const int Day = 8_640;

    /// <summary>10 s from day 10 on, minutes from day 5 to 12:00 of day 12, quarters from day 1 to 11:45, days to the end of day 11.</summary>
    private static readonly TierReaches Reaches = TierReaches.None
        .With(new TierReach(TimeTier.Slices, int.MaxValue, 10 * Day))
        .With(new TierReach(TimeTier.Minutes, (12 * Day) + 4_320, 5 * Day))
        .With(new TierReach(TimeTier.Quarters, (12 * Day) + 4_230, Day))
        .With(new TierReach(TimeTier.Days, 12 * Day, Day));

    [Fact]
    public void At_ten_seconds_it_is_slices_as_far_as_they_are_kept_and_what_is_coarser_before() => Assert.Equal(
        [new(TimeTier.Quarters, 97, (5 * 96)), new(TimeTier.Minutes, (5 * 1_440) + 1, 10 * 1_440), new(TimeTier.Slices, (10 * Day) + 1, (12 * Day) + 5_000)],
        Plan(1, (12 * Day) + 5_000, TimeTier.Slices));

    [Fact]
    public void Whole_days_come_as_days_and_the_rest_in_the_coarsest_cells_that_fit() => Assert.Equal(
        [
            new PlannedCells(TimeTier.Minutes, (5 * 1_440) + 14, (5 * 1_440) + 15),
            new PlannedCells(TimeTier.Quarters, (5 * 96) + 2, 6 * 96),
            new PlannedCells(TimeTier.Days, 7, 12),
            new PlannedCells(TimeTier.Quarters, (12 * 96) + 1, (12 * 96) + 47),
            new PlannedCells(TimeTier.Minutes, (12 * 1_440) + 706, (12 * 1_440) + 720),
            new PlannedCells(TimeTier.Slices, (12 * Day) + 4_321, (12 * Day) + 4_400),
        ],
        Plan((5 * Day) + 77, (12 * Day) + 4_400, TimeTier.Days));

    [Fact]
    public void Nothing_comes_of_an_empty_range_or_of_time_that_is_dropped_everywhere()
    {
        Assert.Empty(Plan(20 * Day, (20 * Day) - 1, TimeTier.Days));
        Assert.Empty(Plan(1, Day, TimeTier.Days));
        Assert.Empty(Plan((3 * Day) + 2, (3 * Day) + 80, TimeTier.Slices));
    }

    [Fact]
    public void Parts_follow_each_other_without_overlap_and_stay_inside()
    {
        var random = new Random(20261122);
        for (var round = 0; round < 2_000; round++)
        {
            var first = random.Next(14 * Day);
            var range = new SliceRange(new Slice(first), new Slice(first + random.Next(6 * Day)));
            var before = range.First.Number - 1;
            foreach (var part in ReadPlan.Cover(range, (TimeTier)random.Next(1, 5), Reaches))
            {
                Assert.True(part.Span.First.Number > before && part.Span.Last.Number >= part.Span.First.Number);
                Assert.True(Reaches[part.Tier].Holds(part.Span.First) && Reaches[part.Tier].Holds(part.Span.Last));
                before = part.Span.Last.Number;
            }

            Assert.True(before <= range.Last.Number);
        }
    }

    private static IReadOnlyList<PlannedCells> Plan(int first, int last, TimeTier step) =>
        ReadPlan.Cover(new SliceRange(new Slice(first), new Slice(last)), step, Reaches);
}
