using Kpi.Rollups.Time;

namespace Kpi.Rollups.Coverage;

/// <summary>A set of slices, however many, as few ranges: sorted, apart from one another. Immutable.</summary>
internal readonly struct SliceSet
{
    private readonly SliceRange[] ranges;

    private SliceSet(SliceRange[] ranges) => this.ranges = ranges;

    public IReadOnlyList<SliceRange> Ranges => ranges ?? [];

    public long Count => Ranges.Sum(r => (long)r.Count);

    /// <summary>The union of ranges in any order; empty ones say nothing.</summary>
    public static SliceSet Of(IEnumerable<SliceRange> ranges)
    {
        var joined = new List<SliceRange>();
        foreach (var range in ranges.Where(r => r.Count > 0).OrderBy(r => r.First.Number))
        {
            if (joined.Count > 0 && range.First.Number <= joined[^1].Last.Number + 1)
            {
                joined[^1] = joined[^1] with { Last = new Slice(Math.Max(joined[^1].Last.Number, range.Last.Number)) };
            }
            else
            {
                joined.Add(range);
            }
        }

        return new SliceSet([.. joined]);
    }

    /// <summary>What is in both.</summary>
    public SliceSet And(SliceSet other)
    {
        var common = new List<SliceRange>();
        var (mine, theirs) = (Ranges, other.Ranges);
        for (int i = 0, j = 0; i < mine.Count && j < theirs.Count;)
        {
            var both = new SliceRange(
                new Slice(Math.Max(mine[i].First.Number, theirs[j].First.Number)), new Slice(Math.Min(mine[i].Last.Number, theirs[j].Last.Number)));
            if (both.Count > 0)
            {
                common.Add(both);
            }

            if (mine[i].Last.Number < theirs[j].Last.Number)
            {
                i++;
            }
            else
            {
                j++;
            }
        }

        return new SliceSet([.. common]);
    }

    /// <summary>What is in the range too.</summary>
    public SliceSet And(SliceRange range) => And(Of([range]));

    /// <summary>What is not in the other.</summary>
    public SliceSet Without(SliceSet other)
    {
        var left = new List<SliceRange>();
        var at = 0;
        var theirs = other.Ranges;
        foreach (var range in Ranges)
        {
            var from = range.First.Number;
            while (at < theirs.Count && theirs[at].Last.Number < from)
            {
                at++;
            }

            for (var i = at; i < theirs.Count && theirs[i].First.Number <= range.Last.Number; i++)
            {
                if (theirs[i].First.Number > from)
                {
                    left.Add(new SliceRange(new Slice(from), theirs[i].First.Plus(-1)));
                }

                from = Math.Max(from, theirs[i].Last.Number + 1);
            }

            if (from <= range.Last.Number)
            {
                left.Add(new SliceRange(new Slice(from), range.Last));
            }
        }

        return new SliceSet([.. left]);
    }
}
