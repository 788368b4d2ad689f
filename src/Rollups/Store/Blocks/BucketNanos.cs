using Kpi.Rollups.Cells;

namespace Kpi.Rollups.Store.Blocks;

/// <summary>
/// The value in the middle of a bucket in whole nanoseconds. Sums and counts at edges are written as what they differ by from those of
/// such values; the figures are part of the format and the same on every machine (sums and products of doubles, no library).
/// </summary>
internal static class BucketNanos
{
    // Buckets of octaves outside hold less than a nanosecond or more than 2⁶² of them: nothing is foretold by these.
    private const int LowestOctave = -30;
    private const int HighestOctave = 31;
    private const int MantissaBits = 52;
    private const int ExponentBias = 1023;

    private static readonly double[] Octave = [.. Enumerable.Range(0, SketchMath.BucketsPerOctave).Select(i => SketchMath.Middle(i) * 1e9)];

    /// <summary>The middle of a bucket, rounded down; 0 where it is not known.</summary>
    public static long Of(int index)
    {
        var octave = index >> 6;
        return octave is >= LowestOctave and <= HighestOctave
            ? (long)(Octave[index & (SketchMath.BucketsPerOctave - 1)] * BitConverter.Int64BitsToDouble((long)(octave + ExponentBias) << MantissaBits))
            : 0;
    }

    /// <summary>Whole nanoseconds next to a value, at most 2⁶¹.</summary>
    public static long Near(double value) => (long)Math.Clamp(Math.Round(value * 1e9), 0, 1L << 61);
}
