using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Kpi.EndToEnd.Senders;

/// <summary>Known metrics, sent twice, and logs, from the stock OpenTelemetry SDK for .NET: the same as <c>js/signals.mjs</c> sends.</summary>
internal static class DotNetSignals
{
    private const int Patience = 30_000;

    public static void Send(string service, OtlpExportProtocol protocol, Uri server, MetricReaderTemporalityPreference temporality)
    {
        SendMetrics(Resource(service), Options(protocol, server, "v1/metrics"), temporality);
        SendLogs(Resource(service), Options(protocol, server, "v1/logs"));
    }

    private static ResourceBuilder Resource(string service) =>
        ResourceBuilder.CreateEmpty().AddService(service, autoGenerateServiceInstanceId: false, serviceInstanceId: "a1");

    private static OtlpExporterOptions Options(OtlpExportProtocol protocol, Uri server, string path) =>
        new() { Protocol = protocol, Endpoint = protocol == OtlpExportProtocol.Grpc ? server : new Uri(server, path) };

    private static void SendMetrics(ResourceBuilder resource, OtlpExporterOptions options, MetricReaderTemporalityPreference temporality)
    {
        using var meter = new Meter("kpi.e2e." + Guid.NewGuid().ToString("N"));
        using var provider = Sdk.CreateMeterProviderBuilder()
            .AddMeter(meter.Name)
            .SetResourceBuilder(resource)
            .AddView("app.size", new Base2ExponentialBucketHistogramConfiguration())
            .AddReader(new PeriodicExportingMetricReader(new OtlpMetricExporter(options), exportIntervalMilliseconds: int.MaxValue) { TemporalityPreference = temporality })
            .Build();
        var orders = meter.CreateCounter<double>("app.orders", "{order}");
        var queue = meter.CreateUpDownCounter<long>("app.queue");
        var load = meter.CreateGauge<double>("app.load");
        var duration = meter.CreateHistogram(
            "http.server.request.duration", "s", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.05, 0.1, 0.15, 0.2, 0.5, 1] });
        var size = meter.CreateHistogram<long>("app.size", "By");
        for (var round = 0; round < 2; round++)
        {
            orders.Add(3, new KeyValuePair<string, object?>("plan", "team"));
            orders.Add(4.5, new KeyValuePair<string, object?>("plan", "solo"));
            queue.Add(5);
            queue.Add(-2);
            load.Record(1.5 + round);
            for (var i = 1; i <= 100; i++)
            {
                duration.Record(i / 400.0, new("http.request.method", "GET"), new("http.route", "/items/:id"), new("http.response.status_code", i <= 2 ? 500 : 200));
                size.Record(i * 10);
            }

            Assert.True(provider.ForceFlush(Patience), "an export of metrics failed");
        }
    }

    private static void SendLogs(ResourceBuilder resource, OtlpExporterOptions options)
    {
        using var exporter = new OtlpLogExporter(options);
        using var factory = LoggerFactory.Create(logging => logging.AddOpenTelemetry(o => o
            .SetResourceBuilder(resource)
            .AddProcessor(new SimpleLogRecordExportProcessor(exporter))));
        var logger = factory.CreateLogger("kpi.e2e");
        for (var i = 0; i < 6; i++)
        {
            logger.Log(LogLevel.Information, "placed order");
        }

        logger.Log(LogLevel.Error, "card declined");
        logger.Log(LogLevel.Information, new EventId(7, "subscription.started"), "started");
    }
}
