using MathNet.Numerics;

namespace Kpi.SloEngine.Verdicts;

/// <summary>
/// The factor x^a y^b that all forms of the beta distribution share, y = 1 − x. Both are passed: once x is tiny, 1 − y no longer knows it.
/// </summary>
internal static class BetaKernel
{
    /// <summary>
    /// x^a y^b Γ(a+b+1) / (Γ(a+1) Γ(b+1)). Loader's form ("Fast and accurate computation of binomial probabilities", 2000): the huge
    /// terms cancel on paper instead of in floating point.
    /// </summary>
    public static double Value(double a, double b, double x, double y)
    {
        var n = a + b;
        var log = StirlingError(n) - StirlingError(a) - StirlingError(b) - Deviances(a, b, x, y);
        return Math.Exp(log) * Math.Sqrt(n / (2 * Math.PI * a * b));
    }

    /// <summary>a minus its expectation (a + b)x, taken from whichever of x and y = 1 − x has more digits.</summary>
    public static double Ahead(double a, double b, double x, double y) => x <= y ? a - ((a + b) * x) : ((a + b) * y) - b;

    /// <summary>ln of how much likelier a / (a + b) makes what was seen than x does.</summary>
    public static double Deviances(double a, double b, double x, double y)
    {
        var ahead = Ahead(a, b, x, y);
        return Deviance(a, (a + b) * x, ahead) + Deviance(b, (a + b) * y, -ahead);
    }

    /// <summary>y ln(y/m) + m − y, with y − m given apart because it has more digits than the subtraction would leave.</summary>
    private static double Deviance(double y, double m, double difference)
    {
        var v = difference / (y + m);
        if (Math.Abs(v) >= 0.1)
        {
            return (y * Math.Log(y / m)) - difference;
        }

        var sum = difference * v;
        var term = 2 * y * v;
        for (var j = 3; j < 60; j += 2)
        {
            term *= v * v;
            var next = sum + (term / j);
            if (next == sum)
            {
                break;
            }

            sum = next;
        }

        return sum;
    }

    /// <summary>ln Γ(y+1) minus Stirling's formula; the series' first term left out is below 1e-16 from y = 16 on.</summary>
    private static double StirlingError(double y)
    {
        if (y < 16)
        {
            return SpecialFunctions.GammaLn(y + 1) - ((y + 0.5) * Math.Log(y)) + y - (0.5 * Math.Log(2 * Math.PI));
        }

        var s = 1 / (y * y);
        return ((1 / 12.0)
            - (((1 / 360.0) - (((1 / 1260.0) - (((1 / 1680.0) - ((1 / 1188.0) - (691 / 360360.0 * s)) * s) * s)) * s)) * s)) / y;
    }
}
