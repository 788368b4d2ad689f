using System.Numerics;

namespace Kpi.Rollups.Cells;

/// <summary>
/// Buckets of OpenTelemetry's base-2 exponential histogram at scale 6: bucket <c>i</c> holds <c>(2^(i/64), 2^((i+1)/64)]</c>,
/// so a value in the middle is at most 0.55 % away from any value of its bucket.
/// </summary>
/// <remarks>Specification: opentelemetry-proto metrics.proto, ExponentialHistogramDataPoint.</remarks>
public static class SketchMath
{
    /// <summary>Buckets per power of two.</summary>
    public const int BucketsPerOctave = 64;

    /// <summary>The bucket of the smallest normal double, 2⁻¹⁰²².</summary>
    public const int LowestBucket = (-1022 * BucketsPerOctave) - 1;

    /// <summary>The bucket of the largest double; its upper edge, 2¹⁰²⁴, is read as infinity.</summary>
    public const int HighestBucket = (1024 * BucketsPerOctave) - 1;

    private const int MantissaBits = 52;
    private const int ExponentBias = 1023;
    private const long MantissaMask = (1L << MantissaBits) - 1;

    // A bucket is never narrower than 1/92 of an octave, a step of the guess is 1/256: at most one boundary lies in a step.
    private const int GuessBits = 8;

    // UpperMantissa[k]: the 52 mantissa bits of 2^((k+1)/64), the largest value that sub-bucket k may hold; the last is the next octave.
    private static readonly long[] UpperMantissa = MakeUpperMantissas();

    // Guess[top 8 bits of the mantissa]: the sub-bucket of the smallest value with those bits, not counting exact boundaries.
    private static readonly byte[] Guess = MakeGuesses();

    /// <summary>The bucket of a positive, normal value.</summary>
    public static int IndexOf(double value)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        var mantissa = bits & MantissaMask;
        var octave = (int)(bits >> MantissaBits) - ExponentBias;
        if (mantissa == 0)
        {
            // A power of two is the upper, included, edge of the bucket below.
            return (octave * BucketsPerOctave) - 1;
        }

        int sub = Guess[mantissa >> (MantissaBits - GuessBits)];
        if (mantissa > UpperMantissa[sub])
        {
            sub++;
        }

        return (octave * BucketsPerOctave) + sub;
    }

    /// <summary>The edge below a bucket: not in it.</summary>
    public static double LowerEdge(int index) => UpperEdge(index - 1);

    /// <summary>The edge above a bucket: in it.</summary>
    public static double UpperEdge(int index)
    {
        var next = index + 1;
        var octave = next >> 6;
        var sub = next & (BucketsPerOctave - 1);
        var mantissa = sub == 0 ? 0 : UpperMantissa[sub - 1];
        return BitConverter.Int64BitsToDouble(((long)(octave + ExponentBias) << MantissaBits) | mantissa);
    }

    /// <summary>The value whose relative distance to both edges is the same: <c>2·low·high / (low + high)</c>.</summary>
    public static double Middle(int index)
    {
        var low = LowerEdge(index);
        var high = UpperEdge(index);
        return 2 * low * high / (low + high);
    }

    private static long[] MakeUpperMantissas()
    {
        var upper = new long[BucketsPerOctave];
        for (var k = 0; k < BucketsPerOctave - 1; k++)
        {
            upper[k] = LargestUpTo(k + 1) & MantissaMask;
        }

        upper[BucketsPerOctave - 1] = MantissaMask;
        return upper;
    }

    // The largest m with m ≤ 2⁵² · 2^(step/64). The mathematics library only comes near, on every platform in its own way, and the
    // 64th powers of whole numbers decide.
    private static long LargestUpTo(int step)
    {
        var limit = BigInteger.One << ((MantissaBits * BucketsPerOctave) + step);
        var largest = (long)Math.ScaleB(Math.Pow(2, step / (double)BucketsPerOctave), MantissaBits) + 2;
        while (BigInteger.Pow(largest, BucketsPerOctave) > limit)
        {
            largest--;
        }

        return largest;
    }

    private static byte[] MakeGuesses()
    {
        var guesses = new byte[1 << GuessBits];
        var sub = 0;
        for (var step = 0; step < guesses.Length; step++)
        {
            var smallest = (long)step << (MantissaBits - GuessBits);
            while (smallest > UpperMantissa[sub])
            {
                sub++;
            }

            guesses[step] = (byte)sub;
        }

        return guesses;
    }
}
