using Kpi.Collector.Lookup;
using Kpi.Rollups.Lanes;

namespace Kpi.Collector.Points;

/// <summary>What all data points of a scope have in common.</summary>
internal ref struct PointOrigin
{
    /// <summary>Where they come from, as <see cref="ResourceTable"/> numbers it.</summary>
    public int Resource;

    /// <summary>What measured them.</summary>
    public ReadOnlySpan<byte> Scope;

    /// <summary>The times they may be of.</summary>
    public required IntakeLimits Limits;

    /// <summary>Whether new series may be made.</summary>
    public required bool Create;

    /// <summary>Where their samples go.</summary>
    public required SampleBatch Batch;
}
