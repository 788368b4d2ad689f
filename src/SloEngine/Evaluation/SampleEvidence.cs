using Kpi.Rollups.Reading;

namespace Kpi.SloEngine.Evaluation;

/// <summary>How many observations the certainty of a figure comes from.</summary>
internal static class SampleEvidence
{
    // One sampling rate makes weights of w and w + 1, as fractions are carried. At worst two of three weigh 1 and the third 2: then
    // (Σw)² / Σw² is 4² / 6 = 8/9 of 3.
    private const double LeastOfOneRate = 8.0 / 9;

    private const double Rounding = 1 - 1e-9;

    /// <summary>
    /// The observations as they came, as long as one sampling rate can have made their weights; else the equally weighted ones that say as
    /// much.
    /// </summary>
    public static long Evidence(this Distribution sample) =>
        sample.EffectiveCount >= sample.Observed * LeastOfOneRate * Rounding ? sample.Observed : Math.Max(1, (long)sample.EffectiveCount);
}
