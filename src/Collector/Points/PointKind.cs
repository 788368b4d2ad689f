namespace Kpi.Collector.Points;

/// <summary>What the data points of a metric are.</summary>
internal enum PointKind
{
    /// <summary>The metric has no data.</summary>
    None,

    /// <summary>A sum that never falls.</summary>
    Counter,

    /// <summary>A sum that may fall.</summary>
    Sum,

    Gauge,

    Histogram,

    ExponentialHistogram,

    Summary,
}
