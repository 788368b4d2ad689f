namespace Kpi.SloEngine.Verdicts;

/// <summary>The exact 95 % interval of a proportion (Clopper and Pearson).</summary>
/// <remarks>
/// Equal-tailed, 2.5 % on each side; but at 0 hits, or n of n, one side is closed by nature and the other gets the whole 5 %. Then the
/// upper end at 0 hits is 1 − 0.05^(1/n), about 3/n (the "rule of three"), and the minimum evidence of 299, 2,995 and 29,956 requests
/// for targets of 1 %, 0.1 % and 0.01 % is where that end first falls below the target.
/// </remarks>
internal static class ProportionInterval
{
    /// <summary>1 − confidence.</summary>
    public const double Alpha = 0.05;

    /// <summary>
    /// The interval for <paramref name="hits"/> of <paramref name="n"/>, with 0 ≤ hits ≤ n and 1 ≤ n ≤ 1e12; no events, no knowledge: 0..1.
    /// </summary>
    public static Interval ClopperPearson(long hits, long n) => ClopperPearson((double)hits, n);

    /// <summary>
    /// The same for a weighted count: with sampling a ratio of all requests is known from fewer observed ones, and ratio × observed need
    /// not be whole.
    /// </summary>
    public static Interval ClopperPearson(double hits, double n)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(hits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(hits, n);
        if (n < 1)
        {
            return new Interval(0, 1);
        }

        if (hits > n / 2) // the mirror image keeps the small numbers small, where a double resolves them
        {
            var misses = ClopperPearson(n - hits, n);
            return new Interval(1 - misses.High, 1 - misses.Low);
        }

        return hits == 0
            ? new Interval(0, OneMinusExp(Math.Log(Alpha) / n))
            : new Interval(
                BetaDistribution.Inverse(hits, n - hits + 1, Alpha / 2),
                BetaDistribution.Inverse(hits + 1, n - hits, 1 - (Alpha / 2)));
    }

    /// <summary>
    /// The interval around a share that is itself known only within bounds: from the lower bound's lower end to the upper's upper.
    /// </summary>
    public static Interval Around(Interval share, long n) => new(
        ClopperPearson(Math.Clamp(share.Low, 0, 1) * n, n).Low,
        ClopperPearson(Math.Clamp(share.High, 0, 1) * n, n).High);

    /// <summary>1 − e^x for x ≤ 0 with all digits; .NET's and MathNet's ExpM1 lose some near 0.</summary>
    private static double OneMinusExp(double x) => -Math.Tanh(x / 2) * (Math.Exp(x) + 1);
}
