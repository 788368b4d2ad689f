using System.Net;
using System.Net.Security;
using Kpi.Collector.Admission;
using Kpi.Collector.Doors;
using Kpi.Collector.Grpc;
using Kpi.Collector.Http;
using Kpi.Collector.Journal;
using Kpi.Collector.Otlp;
using Kpi.Rollups;
using Kpi.Rollups.Coverage;
using Kpi.Rollups.Time;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Kpi.Collector;

/// <summary>
/// The collector's own Kestrel: two ports, no middleware, no routing. HTTP/2 and HTTP/1.1 without TLS cannot share a port, so
/// gRPC and HTTP have one each, with TLS too.
/// </summary>
public sealed class CollectorServer : IAsyncDisposable
{
    // A usual batch, some 180 KB, fits a stream's window whole and comes in a few frames: nobody waits for a window update.
    private const int WindowBytes = 1 << 20;
    private const int FrameBytes = 64 << 10;

    private readonly WebApplication app;
    private readonly CollectorMetrics metrics;
    private readonly BodyJournal journal;
    private readonly CoverageBook coverage;
    private readonly OpenDoors doors;

    private CollectorServer(WebApplication app, OpenDoors doors, CollectorMetrics metrics, BodyJournal journal, CoverageBook coverage)
    {
        this.doors = doors;
        this.coverage = coverage;
        this.app = app;
        this.metrics = metrics;
        this.journal = journal;
    }

    /// <summary>
    /// Counts what an earlier life acknowledged and did not flush, then binds both ports and takes requests.
    /// </summary>
    /// <param name="folder">Where the journal lies.</param>
    /// <exception cref="IOException">A port is taken, or the folder or a file of the doors cannot be used.</exception>
    /// <exception cref="InvalidDataException">A file of tokens or certificates is none.</exception>
    public static async Task<CollectorServer> StartAsync(
        CollectorOptions options, JournalOptions journalOptions, string folder, Rollup rollup, TimeProvider clock, ILoggerFactory logs,
        CancellationToken cancellation)
    {
        await rollup.RestoreTotalsAsync(UnixNanos.Now(clock), cancellation).ConfigureAwait(false);
        var budget = new BytesInFlight(options.MaxBytesInFlight);
        var decoders = SignalIntakes.Decoders(rollup);
        var replay = new JournalReplay(rollup, decoders);
        var log = logs.CreateLogger<CollectorServer>();
        var doors = new OpenDoors(options, clock, log);
        BodyJournal? journal = null;
        try
        {
            journal = BodyJournal.Open(new JournalFolder(folder), journalOptions, rollup, replay, clock, logs.CreateLogger<BodyJournal>());
            var delays = new RetryDelays(options.RetryAfter, Random.Shared.NextDouble);
            var intakes = new SignalIntakes(rollup, decoders, journal, clock);
            var front = new FrontDoor(
                new GrpcExportHandler(intakes, budget, options, delays, clock), new HttpExportHandler(intakes, budget, options, delays),
                doors.Tokens, CrossOrigin.Of(options));
            var app = await ListenAsync(options, front, doors, logs, cancellation).ConfigureAwait(false);
            if (options.TlsCert is null && !(IPAddress.IsLoopback(options.Grpc.Address) && IPAddress.IsLoopback(options.Http.Address)))
            {
                Log.TokensInTheClear(log);
            }

            rollup.Coverage.Begin();
            return new CollectorServer(app, doors, new CollectorMetrics(rollup.Intake, budget), journal, rollup.Coverage);
        }
        catch
        {
            doors.Dispose();
            journal?.Dispose();
            throw;
        }
    }

    /// <summary>Stops to listen and lets the requests under way end, for as long as the token allows.</summary>
    public Task StopAsync(CancellationToken cancellation)
    {
        coverage.End();
        return app.StopAsync(cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        metrics.Dispose();
        await app.DisposeAsync().ConfigureAwait(false);
        doors.Dispose();
        journal.Dispose();
    }

    private static async Task<WebApplication> ListenAsync(
        CollectorOptions options, FrontDoor front, OpenDoors doors, ILoggerFactory logs, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(logs);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, options, doors.Tls));

        // Behind UseKestrelCore, which brings a factory of its own: the last one counts.
        builder.Services.AddSingleton<IMemoryPoolFactory<byte>>(new BlockPoolFactory());
        var app = builder.Build();
        app.Run(front.HandleAsync);
        await app.StartAsync(cancellation).ConfigureAwait(false);
        return app;
    }

    private static void Configure(KestrelServerOptions kestrel, CollectorOptions options, Func<TlsHandshakes>? tls)
    {
        kestrel.AddServerHeader = false;

        // Our own limits answer with a Status body; Kestrel's would cut the connection.
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.Http2.InitialStreamWindowSize = WindowBytes;
        kestrel.Limits.Http2.InitialConnectionWindowSize = 4 * WindowBytes;
        kestrel.Limits.Http2.MaxFrameSize = FrameBytes;
        kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(60);
        kestrel.Limits.Http2.MaxStreamsPerConnection = options.MaxStreamsPerConnection;
        kestrel.Listen(options.Grpc, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            listen.Use(FrontDoor.MarkGrpc);
            Encrypt(listen, tls is null ? null : () => tls().Grpc);
        });
        kestrel.Listen(options.Http, listen =>
        {
            listen.Protocols = tls is null ? HttpProtocols.Http1 : HttpProtocols.Http1AndHttp2;
            Encrypt(listen, tls is null ? null : () => tls().Http);
        });
    }

    private static void Encrypt(ListenOptions listen, Func<SslServerAuthenticationOptions>? tls)
    {
        if (tls is not null)
        {
            // Asked for at each handshake, so that a renewed certificate is used from then on.
            listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => ValueTask.FromResult(tls()) });
        }
    }
}
