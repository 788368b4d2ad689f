using Kpi.Rollups.Coverage;
using Kpi.Rollups.Time;

namespace Kpi.Tests.Rollups.Coverage;

/// <summary>Ranges against the plain sets of numbers that they stand for.</summary>
public sealed class SliceSetTests
{
    private const int Rounds = 500;

    [Fact]
    public void Union_intersection_and_difference_are_those_of_the_slices()
    {
        for (var seed = 0; seed < Rounds; seed++)
        {
            var random = new Random(seed);
            var (a, b) = (Ranges(random), Ranges(random));
            var (x, y) = (SliceSet.Of(a), SliceSet.Of(b));
            Assert.Equal(Numbers(a), Numbers(x.Ranges));
            Assert.Equal(Numbers(a).Intersect(Numbers(b)), Numbers(x.And(y).Ranges));
            Assert.Equal(Numbers(a).Except(Numbers(b)), Numbers(x.Without(y).Ranges));
            Assert.Equal(Numbers(a).Count(), x.Count);
            Assert.All([x, x.And(y), x.Without(y)], s => Assert.True(Apart(s.Ranges, 1), $"seed {seed}"));
        }
    }

    [Fact]
    public void A_mask_joins_what_is_within_reach_in_whatever_order_it_comes()
    {
        for (var seed = 0; seed < Rounds; seed++)
        {
            var random = new Random(seed);
            var reach = random.Next(1, 5);
            var added = Ranges(random);
            var mask = new SliceMask(reach);
            added.ForEach(mask.Add);
            var shuffled = new SliceMask(reach);
            random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(added));
            added.ForEach(shuffled.Add);
            Assert.Equal(mask.Ranges, shuffled.Ranges);
            Assert.Equal(Joined(Numbers(added), reach), Numbers(mask.Ranges));
            Assert.True(Apart(mask.Ranges, reach), $"seed {seed}");
        }
    }

    private static List<SliceRange> Ranges(Random random) =>
        [.. Enumerable.Range(0, random.Next(8)).Select(_ => random.Next(60)).Select(f => new SliceRange(new Slice(f), new Slice(f + random.Next(-1, 7))))];

    private static IEnumerable<int> Numbers(IEnumerable<SliceRange> ranges) =>
        ranges.SelectMany(r => Enumerable.Range(r.First.Number, r.Count)).Distinct().Order();

    private static IEnumerable<int> Joined(IEnumerable<int> numbers, int reach)
    {
        int? before = null;
        foreach (var number in numbers)
        {
            for (var between = before + 1; number - before <= reach && between < number; between++)
            {
                yield return between.Value;
            }

            yield return number;
            before = number;
        }
    }

    private static bool Apart(IReadOnlyList<SliceRange> ranges, int reach) =>
        ranges.Zip(ranges.Skip(1)).All(p => p.Second.First.Number - p.First.Last.Number > reach);
}
