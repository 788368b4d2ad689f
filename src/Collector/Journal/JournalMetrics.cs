using System.Diagnostics.Metrics;
using Kpi.Collector.Retries;
using Microsoft.Extensions.Logging;

namespace Kpi.Collector.Journal;

/// <summary>What the journal does, as instruments of the meter <c>Kpi.Journal</c>, and in the log when it begins to fail and when it ends to.</summary>
internal sealed class JournalMetrics : IDisposable
{
    private readonly Meter meter = new("Kpi.Journal");
    private readonly Counter<long> failures;
    private readonly Counter<long> refusedFull;
    private readonly Counter<long> damaged;
    private readonly Counter<long> replayed;
    private readonly Counter<long> notUnderstood;
    private readonly Histogram<double> syncTime;
    private readonly TimeProvider clock;
    private readonly ILogger log;
    private bool failing;

    public JournalMetrics(JournalSegments segments, RetryWindow retries, TimeProvider clock, ILogger log)
    {
        this.clock = clock;
        this.log = log;
        failures = meter.CreateCounter<long>("kpi.journal.failures", "{failure}", "Writes or syncs of the journal that failed; their senders were asked to try again");
        refusedFull = meter.CreateCounter<long>("kpi.journal.full", "{request}", "Requests refused because the journal was at its limit");
        damaged = meter.CreateCounter<long>("kpi.journal.damaged", "By", "Bytes of the journal that were no record at the start");
        replayed = meter.CreateCounter<long>("kpi.journal.replayed", "{body}", "Bodies counted again at the start");
        notUnderstood = meter.CreateCounter<long>("kpi.journal.not_understood", "{body}", "Bodies of the journal that could not be decoded at the start");
        syncTime = meter.CreateHistogram<double>("kpi.journal.sync.duration", "s", "Time of one sync");
        meter.CreateObservableGauge("kpi.journal.held", () => segments.HeldBytes, "By", "Bytes from the oldest record kept to the newest");
        meter.CreateObservableCounter("kpi.journal.written", () => segments.End, "By", "Bytes of records written since the journal began");
        meter.CreateObservableCounter("kpi.retry_window_shortened", () => retries.Shortened, "{request}", "Requests forgotten before the retry window ended, as too many came");
    }

    /// <summary>Failures since the start.</summary>
    public long Failures { get; private set; }

    /// <summary>What the start found.</summary>
    public void Found(JournalExtent extent, JournalReplay replay)
    {
        damaged.Add(extent.Damages.Sum(d => d.Bytes));
        replayed.Add(replay.Bodies);
        notUnderstood.Add(replay.NotUnderstood);
    }

    public void Synced(long started) => syncTime.Record(clock.GetElapsedTime(started).TotalSeconds);

    /// <summary>For <see cref="Synced"/>.</summary>
    public long Now => clock.GetTimestamp();

    public void Failed(Exception failure)
    {
        Failures++;
        failures.Add(1);
        if (!failing)
        {
            failing = true;
            Log.CannotWrite(log, failure.Message);
        }
    }

    /// <summary>A group was written.</summary>
    public void Wrote()
    {
        if (failing)
        {
            failing = false;
            Log.WritesAgain(log);
        }
    }

    public void Full() => refusedFull.Add(1);

    public void Dispose() => meter.Dispose();
}
