using MathNet.Numerics;

namespace Kpi.SloEngine.Verdicts;

/// <summary>
/// Which of n sorted values (ranks 1..n) is the sample quantile, and which two enclose the true one with 95 % confidence, whatever the
/// distribution. An end beyond the smallest or largest value is null: unbounded.
/// </summary>
/// <param name="Value">⌈qn⌉; 0 without values.</param>
/// <param name="Low">The highest rank whose value is above the true quantile with probability at most 2.5 %.</param>
/// <param name="High">The lowest rank whose value is below the true quantile with probability at most 2.5 %.</param>
internal readonly record struct QuantileRanks(long Value, long? Low, long? High)
{
    /// <summary>The ranks for quantile <paramref name="q"/> in (0,1) of <paramref name="n"/> values, n from 0 to 1e12.</summary>
    public static QuantileRanks For(double q, long n) => n <= 0
        ? default
        : new QuantileRanks(ValueRank(q, n), LowRank(q, n, ProportionInterval.Alpha / 2), HighRank(q, n, ProportionInterval.Alpha / 2));

    /// <summary>⌈qn⌉ in decimal: as doubles, 0.07 × 100 is more than 7 and the rank would be 8.</summary>
    public static long ValueRank(double q, long n) => (long)Math.Ceiling((decimal)q * n);

    /// <summary>
    /// The one-sided upper bound: the lowest rank r with P(Binomial(n, q) ≥ r) ≤ <paramref name="alpha"/>; null when even the largest value
    /// is none. At 5 % and q = 0.99: 996 of 1,000; 4,962 of 5,000; 9,917 of 10,000.
    /// </summary>
    public static long? HighRank(double q, long n, double alpha)
    {
        var rank = FirstRank(n, Guess(q, n, alpha), r => AtLeast(q, n, r) <= alpha);
        return rank > n ? null : rank;
    }

    /// <summary>
    /// The one-sided lower bound: the highest rank r with P(Binomial(n, q) &lt; r) ≤ <paramref name="alpha"/>; null when none is.
    /// </summary>
    public static long? LowRank(double q, long n, double alpha)
    {
        var rank = FirstRank(n, Guess(q, n, 1 - alpha), r => 1 - AtLeast(q, n, r) > alpha) - 1;
        return rank < 1 ? null : rank;
    }

    /// <summary>P(Binomial(n, q) ≥ r).</summary>
    private static double AtLeast(double q, long n, long r) => r <= 0 ? 1 : r > n ? 0 : BetaDistribution.Cdf(r, n - r + 1, q);

    /// <summary>The normal approximation; only where the search starts.</summary>
    private static long Guess(double q, long n, double alpha) =>
        (long)Math.Round((q * n) + (Math.Sqrt(2) * SpecialFunctions.ErfcInv(2 * alpha) * Math.Sqrt(n * q * (1 - q))));

    /// <summary>
    /// The first rank in 1..n + 1 that holds, for a condition that holds from some rank on: doubling steps, then halving.
    /// </summary>
    private static long FirstRank(long n, long guess, Func<long, bool> holds)
    {
        var high = Math.Clamp(guess, 1, n + 1);
        for (var step = 1L; high <= n && !holds(high); step *= 2)
        {
            high = Math.Min(high + step, n + 1);
        }

        var low = high - 1; // everything up to low fails, once the loop below has passed
        for (var step = 1L; low >= 1 && holds(low); step *= 2)
        {
            high = low;
            low = Math.Max(low - step, 0);
        }

        while (high - low > 1)
        {
            var middle = low + ((high - low) / 2);
            (low, high) = holds(middle) ? (low, middle) : (middle, high);
        }

        return high;
    }
}
