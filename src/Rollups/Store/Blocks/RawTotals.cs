using Kpi.Rollups.Cells;

namespace Kpi.Rollups.Store.Blocks;

/// <summary>How a block writes senders' running totals.</summary>
internal enum RawScale
{
    /// <summary>As whole numbers, less what the total before and the increase foretell.</summary>
    Whole = 0,

    /// <summary>The same in units of 10⁻⁹.</summary>
    Nanos = 1,

    /// <summary>As the bits of the doubles.</summary>
    Bits = 2,
}

/// <summary>
/// The totals that a block foretells those of later blocks by: a total of seven digits then costs the one or two bytes by which it grew.
/// </summary>
/// <param name="Scale">What the totals are written in.</param>
/// <param name="Totals">By series; at most a shard's.</param>
internal sealed record RawKey(RawScale Scale, IReadOnlyDictionary<int, long> Totals)
{
    /// <summary>Nothing is foretold.</summary>
    public static readonly RawKey None = new(RawScale.Bits, new Dictionary<int, long>());
}

/// <summary>Running totals as whole numbers.</summary>
internal static class RawTotals
{
    // Whole numbers that a double holds without loss.
    private const double MostExact = 1L << 53;
    private const double NanosPerUnit = 1e9;

    private static readonly long NoTotal = BitConverter.DoubleToInt64Bits(double.NaN);

    /// <summary>Whether a cell has a total; increases that came as such have none.</summary>
    public static bool Has(double raw) => BitConverter.DoubleToInt64Bits(raw) != NoTotal;

    /// <summary>The first scale in which every total is exact.</summary>
    public static RawScale ScaleOf(ReadOnlySpan<PlacedCounter> cells)
    {
        var scale = RawScale.Whole;
        foreach (ref readonly var placed in cells)
        {
            var raw = placed.Cell.LastRaw;
            while (Has(raw) && !IsExact(raw, scale))
            {
                scale++;
            }
        }

        return scale;
    }

    public static long ToNumber(double raw, RawScale scale) => scale switch
    {
        RawScale.Whole => (long)raw,
        RawScale.Nanos => (long)Math.Round(raw * NanosPerUnit),
        _ => BitConverter.DoubleToInt64Bits(raw),
    };

    public static double ToTotal(long number, RawScale scale) => scale switch
    {
        RawScale.Whole => number,
        RawScale.Nanos => number / NanosPerUnit,
        _ => BitConverter.Int64BitsToDouble(number),
    };

    /// <summary>What an increase adds to a total.</summary>
    public static long StepOf(FixedSum increase, RawScale scale)
    {
        if (scale == RawScale.Bits || increase.Nanos > long.MaxValue || increase.Nanos < long.MinValue)
        {
            return 0;
        }

        var nanos = (long)increase.Nanos;
        return scale == RawScale.Whole ? nanos / (long)NanosPerUnit : nanos;
    }

    private static bool IsExact(double raw, RawScale scale)
    {
        if (scale == RawScale.Bits)
        {
            return true;
        }

        var size = scale == RawScale.Whole ? raw : raw * NanosPerUnit;
        return Math.Abs(size) <= MostExact
            && BitConverter.DoubleToInt64Bits(ToTotal(ToNumber(raw, scale), scale)) == BitConverter.DoubleToInt64Bits(raw);
    }
}
