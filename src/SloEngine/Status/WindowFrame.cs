using Kpi.Rollups.Store;
using Kpi.Rollups.Time;

namespace Kpi.SloEngine.Status;

/// <summary>
/// A window at one moment: its slices, and the steps of its lines. Steps lie on a grid of their length since 1970, UTC, so that they stay
/// where they are while the window moves over them; the first and the last may lie in the window in part only.
/// </summary>
/// <param name="Range">The slices, one at least.</param>
/// <param name="SlicesPerStep">Length of a step.</param>
/// <param name="LineFirst">First slice of the first step; at or before that of the range.</param>
internal sealed record WindowFrame(SliceRange Range, int SlicesPerStep, Slice LineFirst)
{
    /// <summary>Points of a line beside those that lie in the window in part.</summary>
    public const int MostWholeSteps = 144;

    // Late data makes a piece to be read anew, so the pieces are small; each holds a distribution per service, so they are few.
    private const int StepsPerPiece = 12;
    private const int MostSlicesPerPiece = 4 * 8_640;

    // What comes in time lies in the last minute or two, nearly all else in the last minutes.
    private const int SlicesOfArrival = 6;
    private const int SlicesOfDelay = 30;

    // Each divides a day, and is divided by every one before it that is the length of a tier.
    private static readonly int[] StepLengths = [1, 2, 3, 6, 12, 18, 30, 60, 90, 180, 360, 720, 8_640];

    /// <summary>A frame whose steps count from the range's own start.</summary>
    public WindowFrame(SliceRange range, int slicesPerStep)
        : this(range, slicesPerStep, range.First)
    {
    }

    /// <summary>How many steps.</summary>
    public int Steps => StepOf(Range.Last) + 1;

    /// <summary>Cells of this tier lie in one step each: the coarsest to read the window from.</summary>
    public TimeTier Tier => TierMath.All.Last(t => SlicesPerStep % TierMath.SlicesOf(t) == 0);

    /// <summary>Where the first step begins.</summary>
    public UnixNanos LineFrom => LineFirst.Plus(-1).End;

    /// <summary>A frame with steps on the grid, as short as fits: of whole cells of the tier that the window's start snaps to.</summary>
    /// <param name="range">The slices.</param>
    /// <param name="length">The window's length, by which it snaps.</param>
    public static WindowFrame Of(SliceRange range, TimeSpan length)
    {
        var snap = TierMath.SlicesOf(TierMath.SnapOf(length));
        var slices = (int)Math.Ceiling(length / Slice.Length);
        var step = StepLengths.First(s => s % snap == 0 && s * MostWholeSteps >= slices);
        return new WindowFrame(range, step, new Slice((range.First.Number - 1) / step * step).Plus(1));
    }

    /// <summary>The step that holds a slice of the range.</summary>
    public int StepOf(Slice slice) => (slice.Number - LineFirst.Number) / SlicesPerStep;

    /// <summary>The part of a step that lies in the range.</summary>
    public SliceRange StepAt(int step)
    {
        var first = LineFirst.Plus(step * SlicesPerStep);
        var last = first.Plus(SlicesPerStep - 1);
        return new SliceRange(
            first.Number < Range.First.Number ? Range.First : first, last.Number > Range.Last.Number ? Range.Last : last);
    }

    /// <summary>A part of the range with the same steps.</summary>
    public WindowFrame Part(SliceRange part) => new(part, SlicesPerStep, LineFirst.Plus(StepOf(part.First) * SlicesPerStep));

    /// <summary>
    /// The range in pieces to be kept apart, at most 18: those far back stay the same from flush to flush, the one before the last grows
    /// by the minute, and the last is where nearly all new data goes.
    /// </summary>
    public IEnumerable<SliceRange> Pieces()
    {
        var length = Math.Min(StepsPerPiece, Math.Max(1, MostSlicesPerPiece / SlicesPerStep)) * SlicesPerStep;
        var ends = new SortedSet<int> { Range.Last.Number };
        for (var end = (Range.First.Number + length - 1) / length * length; end < Range.Last.Number; end += length)
        {
            ends.Add(end);
        }

        ends.Add(EdgeBefore(SlicesOfDelay, TimeTier.Quarters));
        ends.Add(EdgeBefore(SlicesOfArrival, TimeTier.Minutes));
        var first = Range.First;
        foreach (var end in ends.Where(e => e >= Range.First.Number))
        {
            yield return new SliceRange(first, new Slice(end));
            first = new Slice(end).Plus(1);
        }
    }

    /// <summary>What reads a part of the range.</summary>
    public CellQuery Query(SliceRange part) => new(part, Tier);

    private int EdgeBefore(int slices, TimeTier tier) => (Range.Last.Number - slices) / TierMath.SlicesOf(tier) * TierMath.SlicesOf(tier);
}
