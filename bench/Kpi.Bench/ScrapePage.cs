using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Kpi.Bench;

/// <summary>A page of counters that peers scrape; every scrape sees a later round.</summary>
internal sealed class ScrapePage : IAsyncDisposable
{
    private readonly WebApplication app;
    private int round;

    private ScrapePage(WebApplication app, int port)
    {
        this.app = app;
        Port = port;
    }

    public int Port { get; }

    public static async Task<ScrapePage> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        var port = FreePort();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.ListenLocalhost(port));
        var page = new ScrapePage(builder.Build(), port);
        page.app.Run(page.AnswerAsync);
        await page.app.StartAsync();
        return page;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        context.Response.ContentType = "text/plain; version=0.0.4";
        await context.Response.Body.WriteAsync(CounterBodies.Page(Interlocked.Increment(ref round)));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
