using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Kpi.SamplePlatform.Caching;

namespace Kpi.Tests.SamplePlatform.Caching;

/// <summary>What one cache's meter said, and no other's in the process.</summary>
internal sealed class CacheReads : IDisposable
{
    private readonly MeterListener listener = new();
    private readonly ConcurrentDictionary<string, long> sums = new();

    public CacheReads(CacheMetrics metrics)
    {
        listener.InstrumentPublished = (instrument, mine) =>
        {
            if (ReferenceEquals(instrument.Meter, metrics.Meter))
            {
                mine.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            var outcome = tags.ToArray().FirstOrDefault(t => t.Key == CacheMetrics.OutcomeTag).Value;
            sums.AddOrUpdate(outcome is null ? instrument.Name : (string)outcome, value, (_, sum) => sum + value);
        });
        listener.SetMeasurementEventCallback<double>((instrument, _, _, _) => sums.AddOrUpdate(instrument.Name, 1, (_, sum) => sum + 1));
        listener.Start();
    }

    /// <summary>The sum of an instrument without outcomes, or of the reads with one.</summary>
    public long this[string instrumentOrOutcome] => sums.GetValueOrDefault(instrumentOrOutcome);

    public void Dispose() => listener.Dispose();
}
