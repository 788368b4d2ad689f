namespace Kpi.SamplePlatform.Load;

/// <summary>
/// Draws 1..n, the k-th with probability k^-s / Σ i^-s: exactly, by search in the summed probabilities. Some thousand ranks fit a few
/// pages of memory; nothing cleverer is needed.
/// </summary>
internal sealed class ZipfSampler
{
    private readonly double[] upTo;

    public ZipfSampler(int ranks, double exponent)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(ranks, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(exponent);
        upTo = new double[ranks];
        var sum = 0.0;
        for (var rank = 1; rank <= ranks; rank++)
        {
            upTo[rank - 1] = sum += Math.Pow(rank, -exponent);
        }

        for (var i = 0; i < ranks; i++)
        {
            upTo[i] /= sum;
        }
    }

    /// <summary>The rank, from 1, whose share of [0, 1) holds <paramref name="uniform"/>.</summary>
    public int Rank(double uniform)
    {
        // The first rank whose upper edge lies above; an exact hit of an edge belongs to the next rank.
        var found = Array.BinarySearch(upTo, uniform);
        return Math.Min(found < 0 ? ~found : found + 1, upTo.Length - 1) + 1;
    }
}
