using System.Net;
using Kpi.Dashboard.Api;
using Kpi.Dashboard.Assets;
using Kpi.Dashboard.Live;
using Kpi.Dashboard.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Kpi.Dashboard;

/// <summary>The page's port: page, hub, API, health, own metrics. Listens before anything else and stops last.</summary>
public sealed class DashboardServer : IAsyncDisposable
{
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(2);

    private readonly WebApplication app;

    private DashboardServer(WebApplication app) => this.app = app;

    /// <summary>Binds the port; answers 503 until <see cref="EngineSlot.Engine"/> is set.</summary>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<DashboardServer> StartAsync(
        IPEndPoint http, EngineSlot slot, TimeProvider clock, ILoggerFactory logs, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(logs).AddSingleton(clock).AddSingleton(slot);
        builder.Services.AddSingleton<DashboardMetrics>().AddSingleton<MeterReadings>()
            .AddSingleton<PageFiles>().AddSingleton<ClientFeeds>();
        builder.Services.AddRouting().AddProblemDetails().AddOpenApi();
        builder.Services.AddSignalR(hub =>
        {
            // A page with a newer slice hears from us each 10 s anyway; between them this shows that the line stands.
            hub.KeepAliveInterval = TimeSpan.FromSeconds(5);
            hub.MaximumReceiveMessageSize = 4 << 10;
        });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(http);
        });

        var app = builder.Build();
        app.UseExceptionHandler();
        app.Use(CrossSiteGuard.InvokeAsync);
        app.UseWebSockets();
        app.UseRouting();
        MapAll(app);

        // Readings begin now, not with the first look at them.
        app.Services.GetRequiredService<MeterReadings>();
        await app.StartAsync(cancellation).ConfigureAwait(false);
        return new DashboardServer(app);
    }

    /// <summary>Says goodbye to open pages and stops, within two seconds.</summary>
    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(StopTime);
        await app.StopAsync(patience.Token).ConfigureAwait(false);
        await app.DisposeAsync().ConfigureAwait(false);
    }

    private static void MapAll(WebApplication app)
    {
        app.MapGet("/healthz", () => "alive\n").ExcludeFromDescription();
        app.MapGet("/readyz", (EngineSlot slot) => slot.IsReady
            ? Results.Text("ready\n")
            : Results.Text("not ready\n", statusCode: StatusCodes.Status503ServiceUnavailable)).ExcludeFromDescription();
        app.MapGet("/metrics", (MeterReadings readings) => Results.Text(PrometheusText.Write(readings), PrometheusText.ContentType))
            .ExcludeFromDescription();
        app.MapOpenApi();
        app.MapStatusApi();
        app.MapHub<StatusHub>("/hubs/status");

        // Not MapFallback: that one passes over every path that looks like a file.
        app.MapMethods("/{**path}", [HttpMethods.Get, HttpMethods.Head], (HttpContext context, PageFiles page) => page.ServeAsync(context))
            .ExcludeFromDescription();
    }
}
