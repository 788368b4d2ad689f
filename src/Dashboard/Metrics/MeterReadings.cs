using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Kpi.Dashboard.Metrics;

/// <summary>
/// Listens to our own meters and the runtime's, and keeps what they said. Instruments of the same name are one metric, as
/// Prometheus knows no meters. Bounded by the instruments, which the program fixes, and their labels, which are closed lists.
/// </summary>
internal sealed class MeterReadings : IDisposable
{
    private readonly MeterListener listener = new();
    private readonly ConcurrentDictionary<(string Name, string Labels), Reading> readings = new();

    public MeterReadings()
    {
        listener.InstrumentPublished = (instrument, own) =>
        {
            if (instrument.Meter.Name.StartsWith("Kpi.", StringComparison.Ordinal) || instrument.Meter.Name == "System.Runtime")
            {
                own.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<int>((i, value, labels, _) => Of(i, labels).Take(value));
        listener.SetMeasurementEventCallback<long>((i, value, labels, _) => Of(i, labels).Take(value));
        listener.SetMeasurementEventCallback<double>((i, value, labels, _) => Of(i, labels).Take(value));
        listener.Start();
    }

    /// <summary>All readings with their labels, observable instruments asked now; by instrument name.</summary>
    public IEnumerable<IGrouping<string, KeyValuePair<string, Reading>>> Read()
    {
        listener.RecordObservableInstruments();
        return readings
            .OrderBy(r => r.Key.Name, StringComparer.Ordinal).ThenBy(r => r.Key.Labels, StringComparer.Ordinal)
            .GroupBy(r => r.Key.Name, r => KeyValuePair.Create(r.Key.Labels, r.Value));
    }

    public void Dispose() => listener.Dispose();

    private Reading Of(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> labels) =>
        readings.GetOrAdd((instrument.Name, PrometheusText.Labels(labels)), (_, first) => Reading.For(first), instrument);
}
