using Kpi.Rollups.Time;
using Kpi.SloEngine.Status;

namespace Kpi.Tests.SloEngine.Status;

public sealed class WindowFrameTests
{
    private static readonly string[] Names = ["10s", "5m", "25m", "1h", "5h", "6h", "24h", "25h", "40h", "7d", "11d", "13d", "30d", "month"];

    [Fact]
    public void Steps_and_pieces_cut_the_range_and_no_cell_of_the_tier_lies_across_a_step()
    {
        var random = new Random(1);
        for (var i = 0; i < 400; i++)
        {
            var now = new UnixNanos((1_790_000_000L + random.Next(20_000_000)) * 1_000_000_000);
            var window = StatusWindow.Parse(Names[i % Names.Length], i % 3 == 0 ? "Asia/Kathmandu" : null, out _)!;
            var frame = window.At(now);
            AssertCut(frame.Range, [.. Enumerable.Range(0, frame.Steps).Select(frame.StepAt)]);
            Assert.InRange(frame.Steps, 1, WindowFrame.MostWholeSteps + 2);
            var pieces = frame.Pieces().ToList();
            AssertCut(frame.Range, pieces);
            Assert.InRange(pieces.Count, 1, 18);
            Assert.Equal(0, frame.SlicesPerStep % TierMath.SlicesOf(frame.Tier));
            Assert.Equal(0, (frame.LineFirst.Number - 1) % frame.SlicesPerStep);
            foreach (var piece in pieces)
            {
                var part = frame.Part(piece);
                Assert.Equal(frame.StepOf(piece.First), frame.StepOf(part.LineFirst));
                Assert.Equal(frame.StepOf(piece.Last) - frame.StepOf(piece.First) + 1, part.Steps);
            }
        }
    }

    [Fact]
    public void Ten_seconds_later_all_pieces_begin_where_they_began_but_for_the_ends()
    {
        foreach (var window in StatusWindow.Live.Where(w => w.Name != "5m"))
        {
            // 12:07:31 and 12:07:41: neither a minute's nor a quarter's edge lies between.
            var noon = 1_795_348_800L + (7 * 60);
            var before = window.At(new UnixNanos((noon + 31) * 1_000_000_000)).Pieces().ToList();
            var after = window.At(new UnixNanos((noon + 41) * 1_000_000_000)).Pieces().ToList();
            Assert.Equal(before.Select(p => p.First), after.Select(p => p.First));
            Assert.Equal(before.SkipLast(1), after.SkipLast(1));
        }
    }

    private static void AssertCut(SliceRange whole, List<SliceRange> parts)
    {
        Assert.Equal((whole.First, whole.Last), (parts[0].First, parts[^1].Last));
        Assert.All(parts.Zip(parts.Skip(1)), pair => Assert.Equal(pair.First.Last.Plus(1), pair.Second.First));
        Assert.All(parts, part => Assert.True(part.Count > 0));
    }
}
