using Kpi.Rollups.Flush;
using Kpi.Rollups.Time;

namespace Kpi.Tests.Rollups.Flush;

public sealed class FlushedTimesTests
{
    private readonly FlushedTimes times = new();

    [Fact]
    public void Slices_that_follow_each_other_are_one_range()
    {
        Note(1, 5, 5, 6, 3, 7, 6);
        Assert.Equal([Range(3, 3), Range(5, 7)], times.Between(0, 1)!);
    }

    [Fact]
    public void Only_the_flushes_asked_for_count()
    {
        Note(4, 1);
        Note(5, 2);
        Note(6, 3);
        Assert.Equal([Range(2, 2)], times.Between(4, 5)!);
        Assert.Equal([Range(2, 2), Range(3, 3)], times.Between(4, 6)!);
        Assert.Empty(times.Between(6, 6)!);
        Assert.Null(times.Between(2, 6)); // flush 3 was another life's
    }

    [Fact]
    public void Too_many_ranges_become_the_one_that_holds_them()
    {
        Note(1, [.. Enumerable.Range(1, FlushedTimes.MostRanges).Select(i => i * 2)]);
        Assert.Equal(FlushedTimes.MostRanges, times.Between(0, 1)!.Count);
        Note(2, [.. Enumerable.Range(1, FlushedTimes.MostRanges + 1).Select(i => i * 2)]);
        Assert.Equal([Range(2, 2 * (FlushedTimes.MostRanges + 1))], times.Between(1, 2)!);
    }

    [Fact]
    public void What_is_too_long_ago_is_not_known()
    {
        for (var flush = 1; flush <= FlushedTimes.MostFlushes + 1; flush++)
        {
            Note(flush, flush);
        }

        Assert.Null(times.Between(0, FlushedTimes.MostFlushes + 1));
        Assert.Equal(FlushedTimes.MostFlushes, times.Between(1, FlushedTimes.MostFlushes + 1)!.Count);
    }

    private void Note(long flush, params int[] slices) => times.Note(flush, slices.Select(s => new Slice(s)));

    private static SliceRange Range(int first, int last) => new(new Slice(first), new Slice(last));
}
