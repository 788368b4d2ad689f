using System.Collections.Concurrent;
using System.Net;
using Kpi.Witness;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Kpi.Tests.SamplePlatform.Telemetry;

/// <summary>Takes OTLP/gRPC and keeps the messages as they came.</summary>
internal sealed class OtlpWitness : IAsyncDisposable
{
    private const int PrefixBytes = 5; // compressed flag and length

    private readonly ConcurrentQueue<(string Path, byte[] Message)> received = new();
    private readonly WebApplication app;

    private OtlpWitness()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRouting();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        app = builder.Build();
        app.Run(TakeAsync);
    }

    public Uri Address => new(app.Urls.First());

    public IEnumerable<byte[]> Metrics => Of("MetricsService");

    public IEnumerable<byte[]> Logs => Of("LogsService");

    public IEnumerable<ResourceSpans> Spans => Of("TraceService").SelectMany(m => ExportTraceServiceRequest.Parser.ParseFrom(m).ResourceSpans);

    public static async Task<OtlpWitness> StartAsync()
    {
        var witness = new OtlpWitness();
        await witness.app.StartAsync();
        return witness;
    }

    public async Task UntilAsync(Func<OtlpWitness, bool> condition)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!condition(this))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(20), "it was not exported");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    private IEnumerable<byte[]> Of(string service) => received.Where(r => r.Path.Contains(service, StringComparison.Ordinal)).Select(r => r.Message);

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        received.Enqueue((context.Request.Path, body.ToArray()[PrefixBytes..]));
        context.Response.ContentType = "application/grpc";
        await context.Response.Body.WriteAsync(new byte[PrefixBytes]);
        context.Response.AppendTrailer("grpc-status", "0");
    }
}
