namespace Kpi.Rollups.Store.Blocks;

/// <summary>What a histogram cell has. The numbers are stored.</summary>
[Flags]
internal enum HistogramForm : byte
{
    /// <summary>Counts alone.</summary>
    None = 0,

    /// <summary>The mark that the series ends.</summary>
    Stale = 1,

    /// <summary>The sum of the values.</summary>
    Sum = 2,

    /// <summary>The smallest and the largest value.</summary>
    Range = 4,

    /// <summary>No values, of which some could be the smallest.</summary>
    NoValues = 8,

    /// <summary>The sender's running totals.</summary>
    Totals = 16,

    /// <summary>The sum of the values in the running totals.</summary>
    TotalsSum = 32,
}
