using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Kpi.EndToEnd.Senders;

/// <summary>A service with the stock OpenTelemetry SDK for .NET, whose exporter tells what became of each export.</summary>
internal sealed class DotNetSender : IDisposable
{
    private readonly ActivitySource source = new("kpi.e2e." + Guid.NewGuid().ToString("N"));
    private readonly WitnessedExporter exporter;
    private readonly TracerProvider provider;

    private DotNetSender(string service, WitnessedExporter exporter, BaseProcessor<Activity> processor)
    {
        this.exporter = exporter;
        provider = Sdk.CreateTracerProviderBuilder()
            .AddSource(source.Name)
            .SetResourceBuilder(ResourceBuilder.CreateEmpty().AddService(service, autoGenerateServiceInstanceId: false, serviceInstanceId: "a1"))
            .SetSampler(new AlwaysOnSampler())
            .AddProcessor(processor)
            .Build();
    }

    /// <summary>Sends many spans in batches.</summary>
    public static DotNetSender Batching(string service, OtlpExporterOptions options)
    {
        var exporter = new WitnessedExporter(options);
        return new DotNetSender(service, exporter, new BatchActivityExportProcessor(exporter, maxQueueSize: 1 << 16, maxExportBatchSize: 1_000));
    }

    /// <summary>Sends each span by itself, before <see cref="Send"/> returns.</summary>
    public static DotNetSender OneByOne(string service, OtlpExporterOptions options)
    {
        var exporter = new WitnessedExporter(options);
        return new DotNetSender(service, exporter, new SimpleActivityExportProcessor(exporter));
    }

    public static OtlpExporterOptions Grpc(Uri server) => new() { Protocol = OtlpExportProtocol.Grpc, Endpoint = server };

    public static OtlpExporterOptions Http(Uri server) => new() { Protocol = OtlpExportProtocol.HttpProtobuf, Endpoint = new Uri(server, "v1/traces") };

    public void Send(SentRequest request)
    {
        var activity = source.StartActivity(request.Name, request.Kind, default(ActivityContext), request.Attributes, links: null, request.End - request.Duration)!;
        activity.SetEndTime(request.End);
        activity.Stop();
    }

    /// <summary>Waits until all is sent, and fails unless every export succeeded.</summary>
    public void Flush()
    {
        Assert.True(provider.ForceFlush(30_000), "the flush ran out of time");
        Assert.True(exporter.Failures == 0, $"{exporter.Failures} exports failed");
    }

    public void Dispose()
    {
        provider.Dispose();
        source.Dispose();
    }

    private sealed class WitnessedExporter(OtlpExporterOptions options) : OtlpTraceExporter(options)
    {
        private int failures;

        public int Failures => Volatile.Read(ref failures);

        public override ExportResult Export(in Batch<Activity> activityBatch)
        {
            var result = base.Export(activityBatch);
            if (result != ExportResult.Success)
            {
                Interlocked.Increment(ref failures);
            }

            return result;
        }
    }
}
