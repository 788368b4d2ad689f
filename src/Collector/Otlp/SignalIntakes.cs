using Kpi.Collector.Admission;
using Kpi.Collector.Journal;
using Kpi.Collector.Otlp.Logs;
using Kpi.Collector.Otlp.Metrics;
using Kpi.Collector.Otlp.Traces;
using Kpi.Rollups;
using Kpi.Rollups.Intake;
using Kpi.Rollups.Time;
using Microsoft.AspNetCore.Http;

namespace Kpi.Collector.Otlp;

/// <summary>The intakes of all signals, by how senders address them.</summary>
internal sealed class SignalIntakes(Rollup rollup, IReadOnlyList<ISignalDecoder> decoders, BodyJournal journal, TimeProvider clock)
{
    private readonly SignalIntake[] intakes = [.. decoders.Select(d => new SignalIntake(rollup, d, journal, clock))];

    /// <summary>A decoder for each signal; requests and a replay use the same.</summary>
    public static IReadOnlyList<ISignalDecoder> Decoders(Rollup rollup) => [new TraceDecoder(rollup), new MetricDecoder(rollup), new LogDecoder(rollup)];

    public SignalIntake? ByHttpPath(string? path) => Array.Find(intakes, i => i.Signal.HttpPath == path);

    public SignalIntake? ByGrpcPath(string? path) => Array.Find(intakes, i => i.Signal.GrpcPath == path);

    /// <summary>Counts a request that was refused before its body was decoded.</summary>
    public void Refuse(RejectReason reason, HttpContext context)
    {
        rollup.Refuse(reason);
        rollup.Senders.Refuse(Peer.Of(context).HeardAs(UnixNanos.Now(clock)), reason);
    }
}
