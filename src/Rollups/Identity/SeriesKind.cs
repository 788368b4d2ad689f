namespace Kpi.Rollups.Identity;

/// <summary>What the cells of a series hold. The numbers are stored; never renumber.</summary>
public enum SeriesKind
{
    /// <summary>Exact increases.</summary>
    Counter = 1,

    /// <summary>Counts by value: a sketch and declared edges.</summary>
    Distribution = 2,

    /// <summary>Values read now and then.</summary>
    Gauge = 3,

    /// <summary>Counts by value in the buckets of the sender.</summary>
    Histogram = 4,
}
