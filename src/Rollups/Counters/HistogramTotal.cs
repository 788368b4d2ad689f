using Kpi.Rollups.Cells;

namespace Kpi.Rollups.Counters;

/// <summary>The running totals of a histogram.</summary>
internal sealed class HistogramTotal : IRunningTotal<HistogramTotal>
{
    public HistogramCounts Counts { get; } = new();

    /// <summary>By buckets of the coarser of both scales, as a sender lowers its scale when values spread.</summary>
    public bool IsBelow(HistogramTotal earlier)
    {
        LowerToThis(earlier);
        return Counts.IsBelow(earlier.Counts);
    }

    public bool IsSame(HistogramTotal other) => Counts.IsSame(other.Counts);

    /// <summary>A finer scale than before, other bounds or another threshold leave no difference to tell.</summary>
    public bool GoesOnFrom(HistogramTotal earlier)
    {
        var (now, before) = (Counts.Layout, earlier.Counts.Layout);
        return now.Equals(before) || (now.Scale < before.Scale && now.ZeroThreshold.Equals(before.ZeroThreshold));
    }

    /// <summary>
    /// Writes what was added since an earlier total, from which this one goes on, into counts of the caller's. This stays as it is; the
    /// earlier one may be lowered to its scale.
    /// </summary>
    public void LessInto(HistogramTotal earlier, HistogramCounts into)
    {
        LowerToThis(earlier);
        into.Set(Counts);
        into.Subtract(earlier.Counts);
    }

    // The earlier total is not kept any longer, so it may change.
    private void LowerToThis(HistogramTotal earlier)
    {
        if (Counts.Layout.Scale is { } scale && earlier.Counts.Layout.Scale > scale)
        {
            earlier.Counts.Lower(scale);
        }
    }
}
