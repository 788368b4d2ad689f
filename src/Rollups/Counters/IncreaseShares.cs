using Kpi.Rollups.Cells;

namespace Kpi.Rollups.Counters;

/// <summary>
/// Shares an increase out over the time in which it came about, evenly, as nobody knows better. The shares are differences of
/// rounded parts, so they add up to the increase exactly, whatever is left out between them.
/// </summary>
/// <param name="Increase">What is shared out; negative where a histogram's sum fell.</param>
/// <param name="Length">The time it took, in nanoseconds; more than 0.</param>
/// <param name="Whole">Whether it counts things, of which there are no parts.</param>
internal readonly record struct IncreaseShares(FixedSum Increase, long Length, bool Whole)
{
    private const long NanosPerUnit = 1_000_000_000;

    /// <summary>The part that falls into the first nanoseconds, 0 to <see cref="Length"/>.</summary>
    public FixedSum UpTo(long elapsed)
    {
        var unit = Whole ? NanosPerUnit : 1;
        var (each, rest) = Int128.DivRem(Increase.Nanos / unit, Length);
        return new FixedSum(((each * elapsed) + (rest * elapsed / Length)) * unit);
    }
}
