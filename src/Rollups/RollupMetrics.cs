using System.Diagnostics.Metrics;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Lanes;

namespace Kpi.Rollups;

/// <summary>What the rollups tell about themselves.</summary>
internal sealed class RollupMetrics : IDisposable
{
    private readonly Meter meter = new("Kpi.Rollups");
    private readonly Histogram<double> flushSeconds;
    private readonly Counter<long> flushFailures;

    public RollupMetrics(SeriesCatalog catalog, LaneSet lanes)
    {
        flushSeconds = meter.CreateHistogram<double>("kpi.flush.duration", "s", "Time from the start of a flush to its commit");
        flushFailures = meter.CreateCounter<long>("kpi.flush.failures", "{flush}", "Flushes whose commit failed; each is tried again");
        meter.CreateObservableGauge("kpi.series.active", () => catalog.Count, "{series}", "Series being written");
        meter.CreateObservableGauge("kpi.cells.uncommitted", () => lanes.UncommittedBytes, "By", "Memory of cells not yet committed");
    }

    public void Flushed(TimeSpan duration) => flushSeconds.Record(duration.TotalSeconds);

    public void FlushFailed() => flushFailures.Add(1);

    public void Dispose() => meter.Dispose();
}
