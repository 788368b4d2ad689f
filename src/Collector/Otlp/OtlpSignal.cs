using Kpi.Rollups.Intake;

namespace Kpi.Collector.Otlp;

/// <summary>One of the signals of OTLP: how senders address it and what its items are called.</summary>
/// <param name="Kind">Under which its items are counted.</param>
/// <param name="Number">By which the journal knows it.</param>
/// <param name="HttpPath">Where it is posted to over HTTP.</param>
/// <param name="GrpcPath">The method over gRPC.</param>
/// <param name="Request">The message of a body.</param>
/// <param name="Items">What a body holds many of.</param>
internal sealed record OtlpSignal(TelemetrySignal Kind, byte Number, string HttpPath, string GrpcPath, string Request, string Items)
{
    public static readonly OtlpSignal Traces = new(
        TelemetrySignal.Traces, 1, "/v1/traces", "/opentelemetry.proto.collector.trace.v1.TraceService/Export", "ExportTraceServiceRequest", "spans");

    public static readonly OtlpSignal Metrics = new(
        TelemetrySignal.Metrics, 2, "/v1/metrics", "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export", "ExportMetricsServiceRequest", "data points");

    public static readonly OtlpSignal Logs = new(
        TelemetrySignal.Logs, 3, "/v1/logs", "/opentelemetry.proto.collector.logs.v1.LogsService/Export", "ExportLogsServiceRequest", "log records");
}
