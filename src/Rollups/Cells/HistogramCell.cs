namespace Kpi.Rollups.Cells;

/// <summary>
/// What one histogram series gained in one slice, exactly, in its sender's buckets. Mutable and reused; its owner hands it to a
/// visitor, who copies what it keeps. Cells of equal layout add up; those of others lie beside each other.
/// </summary>
public sealed class HistogramCell
{
    /// <summary>The fields of a cell and its places in the lane, measured roughly; buckets come on top.</summary>
    internal const int FixedBytes = 400;

    /// <summary>What was added.</summary>
    public HistogramCounts Increase { get; } = new();

    /// <summary>Smallest value; NaN when a sender did not tell it, as none does that sends running totals; +∞ before anything was added.</summary>
    public double Min { get; internal set; } = double.PositiveInfinity;

    /// <summary>Largest value; NaN and −∞ likewise.</summary>
    public double Max { get; internal set; } = double.NegativeInfinity;

    /// <summary>Samples behind it.</summary>
    public long Samples { get; internal set; }

    /// <summary>Nanoseconds from the slice's start to the last sample.</summary>
    public long LastOffset { get; internal set; }

    /// <summary>The sender said that the series ends here.</summary>
    public bool Stale { get; internal set; }

    /// <summary>Whether <see cref="Totals"/> says something.</summary>
    public bool HasTotals { get; internal set; }

    /// <summary>
    /// The sender's running totals at the last sample that had some, by which the next increase is reckoned after a restart. Kept while a
    /// restart may ask for them.
    /// </summary>
    public HistogramCounts Totals { get; } = new();

    /// <summary>Since when the totals count, in nanoseconds since 1970; 0 when the sender did not say.</summary>
    public long TotalsStart { get; internal set; }

    /// <summary>When the totals stood so: nanoseconds from the slice's start.</summary>
    public long TotalsOffset { get; internal set; }

    /// <summary>Memory the cell takes, in bytes.</summary>
    internal int Bytes => FixedBytes + Increase.Bytes + Totals.Bytes;

    /// <summary>Empties the cell for a new use; bucket memory stays.</summary>
    internal void Reset(HistogramLayout layout)
    {
        Increase.Reset(layout);
        (Min, Max) = (double.PositiveInfinity, double.NegativeInfinity);
        Samples = LastOffset = TotalsStart = TotalsOffset = 0;
        Stale = HasTotals = false;
    }

    /// <summary>Adds a cell of the same layout.</summary>
    /// <param name="shift">Nanoseconds from this cell's start to the other's.</param>
    internal void Add(HistogramCell other, long shift = 0)
    {
        Increase.Add(other.Increase);
        Min = Math.Min(Min, other.Min);
        Max = Math.Max(Max, other.Max);
        NoteSample(other.Samples, other.LastOffset + shift, other.Stale);
        if (other.HasTotals)
        {
            NoteTotals(other.Totals, other.TotalsStart, other.TotalsOffset + shift);
        }
    }

    /// <summary>Notes samples, of which the last lies at an offset; at the same one the mark of an end wins.</summary>
    internal void NoteSample(long samples, long offset, bool stale)
    {
        if (samples > 0)
        {
            Stale = Samples == 0 || offset > LastOffset ? stale : offset == LastOffset ? Stale || stale : Stale;
            LastOffset = Samples == 0 ? offset : Math.Max(LastOffset, offset);
            Samples += samples;
        }
    }

    /// <summary>Notes running totals; the later ones stay, of those at the same time the higher.</summary>
    internal void NoteTotals(HistogramCounts totals, long start, long offset)
    {
        if (!HasTotals || offset > TotalsOffset || (offset == TotalsOffset && totals.Count > Totals.Count))
        {
            HasTotals = true;
            Totals.Set(totals);
            (TotalsStart, TotalsOffset) = (start, offset);
        }
    }

    /// <summary>Lets the totals go: no restart will ask for them.</summary>
    internal void ForgetTotals() => HasTotals = false;
}
