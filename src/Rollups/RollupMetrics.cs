using System.Diagnostics.Metrics;
using Kpi.Rollups.Coverage;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Lanes;
using Kpi.Rollups.Store;
using Kpi.Rollups.Time;

namespace Kpi.Rollups;

/// <summary>What the rollups tell about themselves.</summary>
internal sealed class RollupMetrics : IDisposable
{
    private readonly Meter meter = new("Kpi.Rollups");
    private readonly Histogram<double> flushSeconds;
    private readonly Counter<long> flushFailures;
    private readonly Histogram<double> upkeepSeconds;
    private readonly Counter<long> upkeepFailures;

    public RollupMetrics(SeriesCatalog catalog, LaneSet lanes, CoverageBook coverage, IRollupStore store)
    {
        flushSeconds = meter.CreateHistogram<double>("kpi.flush.duration", "s", "Time from the start of a flush to its commit");
        flushFailures = meter.CreateCounter<long>("kpi.flush.failures", "{flush}", "Flushes whose commit failed; each is tried again");
        meter.CreateObservableGauge("kpi.series.active", () => catalog.Count, "{series}", "Series being written");
        meter.CreateObservableGauge("kpi.sources", () => Standings(coverage), "{source}", "Sources with a heartbeat, by state");
        meter.CreateObservableCounter(
            "kpi.sources.overflowed", () => coverage.Overflowed, "{time}", "Times that a source was heard which found no place among those followed");
        meter.CreateObservableGauge("kpi.cells.uncommitted", () => lanes.UncommittedBytes, "By", "Memory of cells not yet committed");
        upkeepSeconds = meter.CreateHistogram<double>("kpi.store.upkeep.duration", "s", "Time of a step of the store's upkeep");
        upkeepFailures = meter.CreateCounter<long>("kpi.store.upkeep.failures", "{step}", "Steps of the store's upkeep that failed; each is tried again");
        meter.CreateObservableGauge("kpi.store.size", () => store.Figures.Bytes, "By", "What the store holds");
        meter.CreateObservableGauge("kpi.store.free", () => store.Figures.FreeBytes, "By", "Free space inside the store's file, used before it grows");
        meter.CreateObservableCounter("kpi.store.refused", () => store.Figures.Refused, "{increment}", "Increments refused, as older than all that is kept");
        meter.CreateObservableCounter(
            "kpi.store.dropped_for_space", () => Dropped(store.Figures), "s", "Time dropped before its retention was over, to stay under the cap in bytes");
    }

    public void Flushed(TimeSpan duration) => flushSeconds.Record(duration.TotalSeconds);

    public void FlushFailed() => flushFailures.Add(1);

    public void Upkept(TimeSpan duration) => upkeepSeconds.Record(duration.TotalSeconds);

    public void UpkeepFailed() => upkeepFailures.Add(1);

    private static IEnumerable<Measurement<long>> Dropped(StoreFigures figures) => figures.DroppedForSpace.Select(
        d => new Measurement<long>(d.Value, KeyValuePair.Create<string, object?>("tier", NameOf(d.Key))));

    private static IEnumerable<Measurement<long>> Standings(CoverageBook coverage) => coverage.Standings().Select(
        s => new Measurement<long>(s.Value, KeyValuePair.Create<string, object?>("state", s.Key.ToString().ToLowerInvariant())));

    private static string NameOf(TimeTier tier) => tier switch
    {
        TimeTier.Slices => "10s",
        TimeTier.Minutes => "1m",
        TimeTier.Quarters => "15m",
        _ => "1d",
    };

    public void Dispose() => meter.Dispose();
}
