namespace Kpi.Tests.SloEngine.Verdicts;

/// <summary>Binomial tails by the definition: terms multiplied up and added, smallest first.</summary>
internal static class BinomialSum
{
    public static double AtLeast(int k, int n, double p) => Enumerable.Range(k, n - k + 1).Select(i => Term(i, n, p)).Order().Sum();

    public static double AtMost(int k, int n, double p) => Enumerable.Range(0, k + 1).Select(i => Term(i, n, p)).Order().Sum();

    private static double Term(int k, int n, double p)
    {
        var logChoose = 0.0;
        for (var i = 1; i <= k; i++)
        {
            logChoose += Math.Log((n - k + i) / (double)i);
        }

        return Math.Exp(logChoose + (k * Math.Log(p)) + ((n - k) * Math.Log(1 - p)));
    }
}
