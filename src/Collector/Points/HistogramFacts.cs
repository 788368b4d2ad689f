namespace Kpi.Collector.Points;

/// <summary>What was read of a histogram's or summary's data point; the counts of its buckets are still in the body.</summary>
internal struct HistogramFacts
{
    public ulong Count;
    public ulong Zeros;
    public double ZeroThreshold;
    public int Scale;

    /// <summary>How many counts there are between explicit bounds, and how many bounds.</summary>
    public int Buckets;
    public int Bounds;

    /// <summary>How many quantiles a summary has.</summary>
    public int Quantiles;
    public BucketFacts Positive;
    public BucketFacts Negative;

    private double sum;
    private double min;
    private double max;
    private bool hasSum;
    private bool hasMin;
    private bool hasMax;

    /// <summary>Sum of the values; NaN when not told, or no number.</summary>
    public readonly double Sum => Known(hasSum, sum);

    /// <summary>Smallest value; NaN when not told, or no number.</summary>
    public readonly double Min => Known(hasMin, min);

    /// <summary>Largest value; NaN when not told, or no number.</summary>
    public readonly double Max => Known(hasMax, max);

    public void SetSum(ulong bits) => (hasSum, sum) = (true, BitConverter.UInt64BitsToDouble(bits));

    public void SetMin(ulong bits) => (hasMin, min) = (true, BitConverter.UInt64BitsToDouble(bits));

    public void SetMax(ulong bits) => (hasMax, max) = (true, BitConverter.UInt64BitsToDouble(bits));

    private static double Known(bool has, double value) => has && double.IsFinite(value) ? value : double.NaN;
}

/// <summary>Buckets of an exponential histogram on one side of zero: the index of the first, and how many.</summary>
internal struct BucketFacts
{
    public int Offset;
    public int Count;
}
