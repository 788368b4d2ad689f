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
        meter.CreateObservableCounter("kpi.spans.accepted", () => intake.Accepted, "{span}", "Spans taken");
        meter.CreateObservableCounter("kpi.spans.rejected", () => Reasons(intake, r => !IntakeTally.CountsRequests(r) && !IntakeTally.IsRemark(r)),
            "{span}", "Spans not taken, by reason");
        meter.CreateObservableCounter("kpi.spans.noted", () => Reasons(intake, IntakeTally.IsRemark),
            "{span}", "Spans taken with a remark, by reason");
        meter.CreateObservableCounter("kpi.requests.refused", () => Reasons(intake, IntakeTally.CountsRequests),
            "{request}", "Requests not taken, by reason");
        meter.CreateObservableGauge("kpi.requests.in_flight", () => budget.Held, "By", "Memory of request bodies under way");
    }

    public void Dispose() => meter.Dispose();

    private static IEnumerable<Measurement<long>> Reasons(IntakeTally intake, Func<RejectReason, bool> of) =>
        Enum.GetValues<RejectReason>().Where(of)
            .Select(r => new Measurement<long>(intake[r], KeyValuePair.Create<string, object?>("reason", IntakeTally.NameOf(r))));
}
