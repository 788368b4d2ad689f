using Kpi.SamplePlatform.Caching;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Kpi.SamplePlatform.Telemetry;

/// <summary>The stock SDK as one version of the shop sets it up: three signals, one resource, OTLP.</summary>
internal sealed class Release : IDisposable
{
    /// <summary>Spans or records that wait for the exporter; what comes beyond is dropped. About 30 s of the busiest preset.</summary>
    private const int MostWaiting = 1 << 16;

    private const int BatchSize = 2_048;

    /// <summary>How long the end of a release may hold the process for what was not sent yet.</summary>
    private const int FlushMilliseconds = 2_000;

    private static readonly string[] Sources = ["Microsoft.AspNetCore", "Npgsql", RedisSpans.SourceName];
    private static readonly string[] Meters = ["Microsoft.AspNetCore.Hosting", "Npgsql", CacheMetrics.MeterName];

    private readonly TracerProvider traces;
    private readonly MeterProvider metrics;

    public Release(TelemetryOptions options, string version, Action<MeterProviderBuilder>? alsoMetrics = null)
    {
        var resource = ResourceBuilder.CreateEmpty().AddTelemetrySdk().AddEnvironmentVariableDetector()
            .AddService("shop", "sample", version, autoGenerateServiceInstanceId: false, options.Instance)
            .AddAttributes([new("deployment.environment.name", "demo")]);
        traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).SetSampler(new AlwaysOnSampler()).AddSource(Sources)
            .AddOtlpExporter(exporter => Send(exporter, options)).Build();
        var builder = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(Meters)
            .AddView(DurationEdges.HttpServer, Edges(DurationEdges.Http))
            .AddView(DurationEdges.DatabaseClient, Edges(DurationEdges.Database))
            .AddOtlpExporter((exporter, reader) =>
            {
                Send(exporter, options);
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)options.MetricInterval.TotalMilliseconds;
            });
        alsoMetrics?.Invoke(builder);
        metrics = builder.Build();
        Logs = LoggerFactory.Create(log => log.SetMinimumLevel(LogLevel.Debug).AddOpenTelemetry(records =>
        {
            records.SetResourceBuilder(resource);
            records.AddOtlpExporter((exporter, processor) =>
            {
                Send(exporter, options);
                Batch(processor.BatchExportProcessorOptions, options);
            });
        }));
    }

    public ILoggerFactory Logs { get; }

    /// <summary>Sends what is left, within a time.</summary>
    public void Dispose()
    {
        traces.ForceFlush(FlushMilliseconds);
        metrics.Shutdown(FlushMilliseconds);
        traces.Dispose();
        metrics.Dispose();
        Logs.Dispose();
    }

    private static ExplicitBucketHistogramConfiguration Edges(double[] edges) => new() { Boundaries = edges };

    private static void Send(OtlpExporterOptions exporter, TelemetryOptions options)
    {
        exporter.Endpoint = options.Endpoint ?? exporter.Endpoint;
        Batch(exporter.BatchExportProcessorOptions, options);
    }

    private static void Batch<T>(BatchExportProcessorOptions<T> batch, TelemetryOptions options)
        where T : class
    {
        batch.MaxQueueSize = MostWaiting;
        batch.MaxExportBatchSize = BatchSize;
        batch.ScheduledDelayMilliseconds = (int)options.BatchDelay.TotalMilliseconds;
    }
}
