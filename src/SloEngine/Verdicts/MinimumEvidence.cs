namespace Kpi.SloEngine.Verdicts;

/// <summary>
/// How many events one must have seen before "the target is met" can be claimed with 95 % confidence, even if all were good.
/// </summary>
internal static class MinimumEvidence
{
    /// <summary>The share of a window that must have been watched, 0..1; also that of a step of a line, or it is a gap.</summary>
    public const double Coverage = 0.9;

    /// <summary>
    /// For a bad share below <paramref name="p"/> in (0,1): ceil(ln 0.05 / ln(1 − p)); 299 at 1 %, 2,995 at 0.1 %, 29,956 at 0.01 %.
    /// </summary>
    /// <remarks>ln(1 − p) = 2 artanh(−p / (2 − p)), which keeps its digits for tiny p.</remarks>
    public static long ForRatioBelow(double p) => (long)Math.Ceiling(Math.Log(ProportionInterval.Alpha) / (2 * Math.Atanh(-p / (2 - p))));

    /// <summary>
    /// For a share of at least <paramref name="q"/> in (0,1): ceil(ln 0.05 / ln q); from here on the largest value seen is a 95 % upper
    /// bound of the quantile. 299 for a P99, 59 for a P95.
    /// </summary>
    public static long ForQuantile(double q) => (long)Math.Ceiling(Math.Log(ProportionInterval.Alpha) / Math.Log(q));
}
