using System.Diagnostics.Metrics;
using Kpi.Collector.Admission;
using Kpi.Rollups.Intake;

namespace Kpi.Collector;

/// <summary>What the collector tells about itself.</summary>
internal sealed class CollectorMetrics : IDisposable
{
    private readonly Meter meter = new("Kpi.Collector");

    public CollectorMetrics(IntakeTally intake, BytesInFlight budget)
    {
        Count(intake, TelemetrySignal.Traces, "kpi.spans", "{span}", "Spans");
        Count(intake, TelemetrySignal.Metrics, "kpi.data_points", "{data_point}", "Data points of metrics");
        Count(intake, TelemetrySignal.Logs, "kpi.log_records", "{log_record}", "Log records");
        meter.CreateObservableCounter("kpi.log_records.by_severity", () => Severities(intake), "{log_record}", "Log records taken, by class of severity");
        meter.CreateObservableCounter("kpi.requests.refused", () => Reasons(r => intake[r], IntakeTally.CountsRequests),
            "{request}", "Requests not taken, by reason");
        meter.CreateObservableCounter("kpi.requests.repeated", () => intake.Repeated, "{request}", "Requests that came again after they were taken, and were not counted twice");
        meter.CreateObservableGauge("kpi.requests.in_flight", () => budget.Held, "By", "Memory of request bodies under way");
    }

    public void Dispose() => meter.Dispose();

    private void Count(IntakeTally intake, TelemetrySignal signal, string name, string unit, string items)
    {
        meter.CreateObservableCounter($"{name}.accepted", () => intake.AcceptedOf(signal), unit, $"{items} taken");
        meter.CreateObservableCounter($"{name}.rejected", () => Reasons(r => intake[signal, r], r => !IntakeTally.CountsRequests(r) && !IntakeTally.IsRemark(r)),
            unit, $"{items} not taken, by reason");
        meter.CreateObservableCounter($"{name}.noted", () => Reasons(r => intake[signal, r], IntakeTally.IsRemark),
            unit, $"{items} taken with a remark, by reason");
    }

    private static IEnumerable<Measurement<long>> Reasons(Func<RejectReason, long> count, Func<RejectReason, bool> of) =>
        Enum.GetValues<RejectReason>().Where(of)
            .Select(r => new Measurement<long>(count(r), KeyValuePair.Create<string, object?>("reason", IntakeTally.NameOf(r))));

    private static IEnumerable<Measurement<long>> Severities(IntakeTally intake) =>
        Enum.GetValues<LogSeverity>()
            .Select(s => new Measurement<long>(intake.LogRecordsOf(s), KeyValuePair.Create<string, object?>("severity", s.ToString().ToLowerInvariant())));
}
