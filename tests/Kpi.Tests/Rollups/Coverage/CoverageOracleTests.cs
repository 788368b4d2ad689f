using Kpi.Rollups.Identity;
using Kpi.Rollups.Time;

namespace Kpi.Tests.Rollups.Coverage;

/// <summary>Lives by chance, with stops, refusals, silences and late batches, against what one would work out slice by slice.</summary>
public sealed class CoverageOracleTests
{
    private const int Length = 200;
    private const int Silent = 3;
    private const int Retired = 12;

    [Fact]
    public void What_is_known_of_a_window_is_what_one_counts_slice_by_slice()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var run = new CoverageRun(new RollupLimits { SilentAfter = Silent * Slice.Length, RetiredAfter = Retired * Slice.Length });
            var start = run.Now.Number;
            bool[] up = new bool[Length], missed = new bool[Length], heard = new bool[Length];
            Play(run, random, up, missed, heard);

            var now = run.Now.Number - start;
            for (var i = 0; i < 10; i++)
            {
                var (a, b) = (random.Next(-20, now + 1), random.Next(-20, now + 20));
                var (first, last) = (Math.Min(a, b), Math.Max(a, b));
                var coverage = run.Book.Over(new SliceRange(new Slice(start + first), new Slice(start + last)));
                var inside = Enumerable.Range(first, last - first + 1).Where(n => n >= Array.IndexOf(up, true) && n <= now).ToList();
                var ours = inside.Where(n => up[n] && !missed[n]).ToList();
                var states = inside.ToDictionary(n => n, n => StateOf(n, now, heard, up[n] && !missed[n]));
                Assert.Equal((seed, ours.Count, inside.Count), (seed, coverage.Ours.Known, coverage.Ours.Expected));
                if (coverage.Follows(CoverageRun.Shop))
                {
                    Assert.Equal(
                        (seed, ours.Count(n => states[n] == true), states.Values.Count(s => s is not null)),
                        (seed, coverage.Of(CoverageRun.Shop).Known, coverage.Of(CoverageRun.Shop).Expected));
                }
            }
        }
    }

    private static void Play(CoverageRun run, Random random, bool[] up, bool[] missed, bool[] heard)
    {
        run.Book.Begin();
        var talks = true;
        for (var at = 0; ; at++)
        {
            up[at] = true;
            talks ^= random.Next(15) == 0;
            if (talks && random.Next(3) > 0)
            {
                var ago = Math.Min(at, random.Next(4) == 0 ? random.Next(15) : 0);
                heard[at - ago] = true;
                run.Hear(CoverageRun.Shop, ago);
            }

            if (random.Next(12) == 0)
            {
                missed[at] = true;
                run.Book.Miss();
            }

            if (random.Next(25) == 0)
            {
                var down = Math.Min(random.Next(25), Length - 1 - at);
                run.Stop();
                run.Restart(down);
                at += down;
                up[at] = missed[at] = true;
            }

            if (at >= Length - 1)
            {
                return;
            }

            run.Pass(1);
            if (random.Next(4) > 0)
            {
                run.Flush();
            }
        }
    }

    // True: known; false: unknown; null: nothing expected, not yet or gone.
    private static bool? StateOf(int slice, int now, bool[] heard, bool ours)
    {
        var last = Array.LastIndexOf(heard, true, slice);
        var next = Array.IndexOf(heard, true, slice);
        return last < 0 ? null
            : last == slice || (next < 0 ? now : next) - last <= Silent ? ours
            : slice <= last + Retired ? false
            : next < 0 || ours ? null
            : false;
    }
}
