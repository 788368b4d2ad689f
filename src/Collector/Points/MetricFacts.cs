using Kpi.Rollups.Identity;

namespace Kpi.Collector.Points;

/// <summary>What was read of a metric before its data points, as slices of the body.</summary>
internal ref struct MetricFacts
{
    public ReadOnlySpan<byte> Name;
    public ReadOnlySpan<byte> Unit;
    public PointKind Kind;
    public Temporality Temporality;
    public bool IsUtf8;

    /// <summary>Whether a value of this kind means nothing without a temporality.</summary>
    public readonly bool NeedsTemporality =>
        Kind is PointKind.Counter or PointKind.Sum or PointKind.Histogram or PointKind.ExponentialHistogram;

    /// <summary>
    /// What its series hold. A sum that may fall is read like a gauge when it comes as it stands, and added up when it comes in steps. A
    /// summary has several series.
    /// </summary>
    public readonly SeriesKind SeriesKind => Kind switch
    {
        PointKind.Counter => SeriesKind.Counter,
        PointKind.Sum => Temporality == Temporality.Delta ? SeriesKind.Counter : SeriesKind.Gauge,
        PointKind.Histogram or PointKind.ExponentialHistogram => SeriesKind.Histogram,
        _ => SeriesKind.Gauge,
    };
}
