using Kpi.Collector.Otlp.Logs;
using Kpi.Collector.Otlp.Metrics;
using Kpi.Collector.Otlp.Traces;
using Kpi.Rollups;
using Kpi.Rollups.Intake;

namespace Kpi.Collector.Otlp;

/// <summary>The intakes of all signals, by how senders address them.</summary>
internal sealed class SignalIntakes(Rollup rollup, TimeProvider clock)
{
    private readonly SignalIntake[] intakes =
    [
        new(rollup, new TraceDecoder(rollup), clock),
        new(rollup, new MetricDecoder(rollup), clock),
        new(rollup, new LogDecoder(), clock),
    ];

    public SignalIntake? ByHttpPath(string? path) => Array.Find(intakes, i => i.Signal.HttpPath == path);

    public SignalIntake? ByGrpcPath(string? path) => Array.Find(intakes, i => i.Signal.GrpcPath == path);

    /// <summary>Counts a request that was refused before its body was decoded.</summary>
    public void Refuse(RejectReason reason) => rollup.Intake.Refuse(reason);
}
