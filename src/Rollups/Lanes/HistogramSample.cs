using Kpi.Rollups.Cells;
using Kpi.Rollups.Time;

namespace Kpi.Rollups.Lanes;

/// <summary>
/// One data point of a histogram as it came, on its way to the lane that makes an increase of it. The counts of its buckets lie in the
/// batch (<see cref="SampleBatch.BucketsOf"/>), those over zero before those under it.
/// </summary>
public readonly record struct HistogramSample
{
    /// <summary>The series.</summary>
    public required int Slot { get; init; }

    /// <summary>Since when the counts count; 0, or later than <see cref="Time"/>, when nobody knows.</summary>
    public UnixNanos Start { get; init; }

    /// <summary>Up to when the counts count.</summary>
    public required UnixNanos Time { get; init; }

    /// <summary>Whether the counts are what was added since <see cref="Start"/>; else they are the sender's running totals.</summary>
    public bool IsIncrease { get; init; }

    /// <summary>Whether there are no counts: the sender lost sight of the series.</summary>
    public bool IsStale { get; init; }

    /// <summary>How its buckets are cut.</summary>
    public HistogramLayout? Layout { get; init; }

    /// <summary>Events.</summary>
    public long Count { get; init; }

    /// <summary>Sum of the values; NaN when not told.</summary>
    public double Sum { get; init; }

    /// <summary>Smallest value; NaN when not told.</summary>
    public double Min { get; init; }

    /// <summary>Largest value; NaN when not told.</summary>
    public double Max { get; init; }

    /// <summary>Events in the zero bucket of an exponential histogram.</summary>
    public long Zeros { get; init; }

    /// <summary>Where its counts begin in the batch.</summary>
    public int BucketsAt { get; init; }

    /// <summary>Index of the first bucket over zero, or 0 with explicit bounds.</summary>
    public int PositiveFirst { get; init; }

    /// <summary>How many buckets over zero follow, or all of explicit bounds.</summary>
    public int PositiveLength { get; init; }

    /// <summary>Index of the first bucket under zero.</summary>
    public int NegativeFirst { get; init; }

    /// <summary>How many buckets under zero follow.</summary>
    public int NegativeLength { get; init; }
}
