using Kpi.SamplePlatform.Caching;
using Kpi.SamplePlatform.Faults;
using Kpi.SamplePlatform.Sharding;
using Kpi.SamplePlatform.Shop.Access;
using Kpi.SamplePlatform.Shop.Accounts;
using Kpi.SamplePlatform.Shop.Carts;
using Kpi.SamplePlatform.Shop.Orders;
using Kpi.SamplePlatform.Shop.Products;
using Kpi.SamplePlatform.Shop.Reports;
using Kpi.SamplePlatform.Telemetry;
using StackExchange.Redis;

namespace Kpi.SamplePlatform.Shop.Hosting;

/// <summary>A running shop. It ends what faults have done to its servers before it ends itself.</summary>
internal sealed class ShopServer : IAsyncDisposable
{
    private const int MostBodyBytes = 16 * 1_024;
    private const int MostConnections = 2_000;

    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(4);

    private readonly WebApplication app;
    private readonly PlatformConnections connections;
    private readonly ShopTelemetry telemetry;

    private ShopServer(WebApplication app, PlatformConnections connections, ShopTelemetry telemetry)
    {
        this.app = app;
        this.connections = connections;
        this.telemetry = telemetry;
        Address = new Uri(app.Urls.First());
    }

    public Uri Address { get; }

    public IServiceProvider Services => app.Services;

    /// <summary>Returns when it answers.</summary>
    /// <exception cref="Servers.ServerException">A server's folder is missing.</exception>
    /// <exception cref="ShardUnavailableException">The catalogue does not answer.</exception>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<ShopServer> StartAsync(ShopSettings settings, CancellationToken cancellation)
    {
        var servers = new ShopServers(settings.ServersFolder);
        var redis = servers.Redis();
        var telemetry = new ShopTelemetry(settings.Telemetry);
        var builder = NewBuilder(settings, telemetry);
        builder.Services.AddSingleton(servers).AddShop(settings, telemetry);
        var connections = new PlatformConnections(servers.ConnectionString);
        WebApplication? app = null;
        IConnectionMultiplexer? connection = null;
        try
        {
            var catalogue = new Catalogue(connections);
            var directory = await ShardDirectory.LoadAsync(catalogue, cancellation).ConfigureAwait(false);
            await OpenConnections.OnAsync(directory.Current.Shards, cancellation).ConfigureAwait(false);
            var address = new RedisAddress("127.0.0.1", redis.Port);
            connection = await RedisConnection.OpenAsync(address, redis.Password, settings.Cache).ConfigureAwait(false);
            builder.Services.AddShards(connections, catalogue, directory).AddRedis(redis, connection);
            app = builder.Build();
            Map(app);
            await app.StartAsync(cancellation).ConfigureAwait(false);
        }
        catch
        {
            if (app is not null)
            {
                await app.DisposeAsync().ConfigureAwait(false);
            }

            connection?.Dispose();
            await connections.DisposeAsync().ConfigureAwait(false);
            telemetry.Dispose();
            throw;
        }

        var server = new ShopServer(app, connections, telemetry);
        Log.Listening(app.Services.GetRequiredService<ILogger<ShopServer>>(), server.Address);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await app.Services.GetRequiredService<FaultBoard>().EndAllAsync().ConfigureAwait(false);
        using var patience = new CancellationTokenSource(StopTime);
        await app.StopAsync(patience.Token).ConfigureAwait(false);
        var redis = app.Services.GetRequiredService<IConnectionMultiplexer>();
        await app.DisposeAsync().ConfigureAwait(false);
        redis.Dispose();
        await connections.DisposeAsync().ConfigureAwait(false);
        telemetry.Dispose();
    }

    private static WebApplicationBuilder NewBuilder(ShopSettings settings, ShopTelemetry telemetry)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.SetMinimumLevel(LogLevel.Debug).AddProvider(telemetry.Logs)
            .AddFilter("Microsoft", LogLevel.Warning)

            // A host that cannot start throws; the command says it in one line.
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        builder.Services.AddRouting().AddProblemDetails();
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MostBodyBytes;
            kestrel.Limits.MaxConcurrentConnections = MostConnections;
            kestrel.Listen(settings.Listen);
        });
        return builder;
    }

    private static void Map(WebApplication app)
    {
        app.Use(RequestSpans.InvokeAsync);
        app.UseMiddleware<Failures>();
        app.UseStatusCodePages();
        app.UseRouting();
        app.UseMiddleware<Gate>();
        app.MapGet("/healthz", () => "ready\n").ForEveryone();
        app.MapAccounts();
        app.MapProducts();
        app.MapCarts();
        app.MapOrders();
        app.MapReports();
        app.MapFaults();
    }
}
