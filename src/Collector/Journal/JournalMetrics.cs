using System.Diagnostics.Metrics;

namespace Kpi.Collector.Journal;

/// <summary>What the journal does, as instruments of the meter <c>Kpi.Journal</c>.</summary>
internal sealed class JournalMetrics : IDisposable
{
    private readonly Meter meter = new("Kpi.Journal");
    private readonly Counter<long> failures;
    private readonly Counter<long> refusedFull;
    private readonly Histogram<double> syncTime;
    private readonly TimeProvider clock;

    public JournalMetrics(JournalSegments segments, TimeProvider clock)
    {
        this.clock = clock;
        failures = meter.CreateCounter<long>("kpi.journal.failures", "{failure}", "Writes or syncs of the journal that failed; their senders were asked to try again.");
        refusedFull = meter.CreateCounter<long>("kpi.journal.full", "{request}", "Requests refused because the journal was at its limit.");
        syncTime = meter.CreateHistogram<double>("kpi.journal.sync.duration", "s", "Time of one sync.");
        meter.CreateObservableGauge("kpi.journal.held", () => segments.HeldBytes, "By", "Bytes from the oldest record kept to the newest.");
        meter.CreateObservableCounter("kpi.journal.written", () => segments.End, "By", "Position behind the last record: bytes written since the journal began.");
    }

    /// <summary>Failures since the start, for tests and the page.</summary>
    public long Failures { get; private set; }

    /// <summary>The last failure's message; null when none.</summary>
    public string? LastFailure { get; private set; }

    public void Sync(IJournalFile file)
    {
        var started = clock.GetTimestamp();
        file.Sync();
        syncTime.Record(clock.GetElapsedTime(started).TotalSeconds);
    }

    public void Failed(IOException failure)
    {
        Failures++;
        LastFailure = failure.Message;
        failures.Add(1);
    }

    public void Full() => refusedFull.Add(1);

    public void Dispose() => meter.Dispose();
}
