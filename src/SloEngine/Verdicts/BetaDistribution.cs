using MathNet.Numerics;

namespace Kpi.SloEngine.Verdicts;

/// <summary>
/// The cumulative distribution of Beta(a, b), which is the binomial tail: P(Binomial(n, x) ≥ k) = Cdf(k, n − k + 1, x). Holds for a + b
/// up to 1e12 and x down to 1e-300; MathNet's own (continued fraction cut at 140 terms, inverse to an absolute 1e-8) does neither.
/// </summary>
internal static class BetaDistribution
{
    /// <summary>
    /// When both parameters exceed this, the asymptotic form takes over: its relative error is below 3e-8 there and falls from there on,
    /// while the fraction's length grows.
    /// </summary>
    private const double Large = 10_000;

    private const int MaxTerms = 10_000; // the fraction needs some 120 at min(a, b) = Large

    public static double Cdf(double a, double b, double x)
    {
        if (x <= 0 || x >= 1)
        {
            return x <= 0 ? 0 : 1;
        }

        var y = 1 - x; // carried along: once x is tiny, 1 − y no longer knows it
        return a > Large && b > Large ? Asymptotic(a, b, x, y)
            : BetaKernel.Ahead(a, b, x, y) >= 0 ? Tail(a, b, x, y)
            : 1 - Tail(b, a, y, x);
    }

    /// <summary>
    /// The x at which the cumulative distribution is <paramref name="p"/>: Newton's method held inside a shrinking bracket.
    /// </summary>
    /// <remarks>
    /// For a ≤ b and b ≥ 1. With a > b x may be near 1, where doubles are coarse: ask for Beta(b, a) and take the answer from 1.
    /// </remarks>
    public static double Inverse(double a, double b, double p)
    {
        var (low, high) = (0.0, 1.0);
        var z = -Math.Sqrt(2) * SpecialFunctions.ErfcInv(2 * p);
        var x = Math.Clamp(a / (a + b) * Math.Exp(z * Math.Sqrt(b / (a * (a + b + 1)))), double.Epsilon, 0.999_999);
        for (var round = 0; round < 400; round++)
        {
            var excess = Cdf(a, b, x) - p;
            (low, high) = excess > 0 ? (low, x) : (x, high);
            var density = BetaKernel.Value(a, b, x, 1 - x) * a * b / ((a + b) * x * (1 - x));
            var next = x - (excess / density);
            if (!(next > low && next < high))
            {
                next = low > 0 ? Math.Sqrt(low) * Math.Sqrt(high) : high / 16;
            }

            if (Math.Abs(next - x) <= 1e-15 * x)
            {
                return next;
            }

            x = next;
        }

        return x;
    }

    /// <summary>
    /// The tail below x for x up to the mean: the continued fraction of Didonato and Morris (TOMS 708, 1992) by Lentz's method.
    /// </summary>
    private static double Tail(double a, double b, double x, double y)
    {
        var ahead = BetaKernel.Ahead(a, b, x, y);
        var first = a / (a + 1) * (ahead + 1);
        var (value, c, d) = (first, first, 0.0);
        for (var m = 1; m <= MaxTerms; m++)
        {
            var width = a + (2 * m) - 1;
            var alpha = (a + m - 1) / width * ((a + b + m - 1) / width) * m * (b - m) * x * x;
            var beta = m + (m * (b - m) * x / width) + ((a + m) / (width + 2) * (ahead + 1 + (m * (1 + y))));
            d = 1 / (beta + (alpha * d));
            c = beta + (alpha / c);
            value *= c * d;
            if (Math.Abs((c * d) - 1) < 1e-15)
            {
                break;
            }
        }

        return BetaKernel.Value(a, b, x, y) * (a / (a + b)) * b / value;
    }

    /// <summary>Barndorff-Nielsen's r*: the normal distribution at the signed root of the deviance, corrected for skewness.</summary>
    private static double Asymptotic(double a, double b, double x, double y)
    {
        var n = a + b;
        var u = -BetaKernel.Ahead(a, b, x, y) / Math.Sqrt(a * b / n);
        var r = Math.CopySign(Math.Sqrt(2 * BetaKernel.Deviances(a, b, x, y)), u);
        var correction = Math.Abs(r) < 1e-3 ? (b - a) / (3 * Math.Sqrt(n * a * b)) : Math.Log(u / r) / r; // its limit at r = 0
        return 0.5 * SpecialFunctions.Erfc(-(r + correction) / Math.Sqrt(2));
    }
}
