using Kpi.SamplePlatform.Caching;
using Kpi.SamplePlatform.Faults;
using Kpi.SamplePlatform.Faults.Switches;
using Kpi.SamplePlatform.Servers;
using Kpi.SamplePlatform.Sharding;
using Kpi.SamplePlatform.Shop.Access;
using Kpi.SamplePlatform.Shop.Accounts;
using Kpi.SamplePlatform.Shop.Carts;
using Kpi.SamplePlatform.Shop.Orders;
using Kpi.SamplePlatform.Shop.Products;
using Kpi.SamplePlatform.Telemetry;
using StackExchange.Redis;

namespace Kpi.SamplePlatform.Shop.Hosting;

/// <summary>The parts of the shop. What reaches servers when it is made (directory, Redis) is made before and given in.</summary>
internal static class ShopServices
{
    public static IServiceCollection AddShop(this IServiceCollection services, ShopSettings settings, ShopTelemetry telemetry)
    {
        services.AddSingleton(TimeProvider.System).AddSingleton(telemetry).AddSingleton(telemetry.Logs).AddSingleton(settings.Cache);
        services.AddSingleton(new ShopTokens(settings.TokenKey)).AddSingleton<Gate>().AddSingleton<Failures>();
        services.AddSingleton(of => new ShopEvents(of.Get<ILoggerFactory>(), settings.TokenKey, of.Get<TimeProvider>()));
        services.AddSingleton<AccountStore>().AddSingleton<Subscriptions>().AddSingleton<ProductCatalogue>();
        services.AddSingleton<CartStore>().AddSingleton<OrderStore>().AddSingleton<OrderPlacement>();
        return services.AddCaches().AddFaults();
    }

    /// <summary>Who gives the connections in disposes of them.</summary>
    public static IServiceCollection AddShards(
        this IServiceCollection services, PlatformConnections connections, Catalogue catalogue, ShardDirectory directory)
    {
        services.AddSingleton(connections).AddSingleton(catalogue).AddSingleton(directory);
        services.AddSingleton<Tenants>().AddSingleton<TimeOrderedId>();
        return services.AddSingleton(of => new ShardRouter(directory, of.Get<SlowShard>(), of.Get<TimeProvider>()));
    }

    public static IServiceCollection AddRedis(this IServiceCollection services, RedisServer server, IConnectionMultiplexer connection)
    {
        var address = new RedisAddress("127.0.0.1", server.Port);
        services.AddSingleton(server).AddSingleton(connection);
        return services.AddSingleton(of => new RedisStore(connection, address, of.Get<CacheOptions>(), of.Get<TimeProvider>()));
    }

    private static IServiceCollection AddCaches(this IServiceCollection services) =>
        services.AddSingleton<CacheMetrics>()
            .AddSingleton(of => Cache<Product>(of, "product"))
            .AddSingleton(of => Cache<ProductPage>(of, "product_page"));

    private static TenantCache<T> Cache<T>(IServiceProvider of, string name)
        where T : class =>
        new(name, of.Get<RedisStore>(), of.Get<CacheMetrics>(), of.Get<CacheOptions>(), of.Get<TimeProvider>(), of.Get<StoppedRedis>());

    private static T Get<T>(this IServiceProvider of)
        where T : notnull => of.GetRequiredService<T>();

    private static IServiceCollection AddFaults(this IServiceCollection services)
    {
        services.AddSingleton<Func<IReadOnlyList<string>>>(of => () => [.. of.Get<ShardDirectory>().Current.Shards.Select(s => s.Name)]);
        services.AddSingleton<Func<string, PostgresServer>>(of => of.Get<ShopServers>().Postgres);
        services.AddFault<SlowShard>().AddFault<StoppedShard>().AddFault<StoppedRedis>().AddFault<FlushedRedis>();
        services.AddFault<QueryPerLine>().AddFault<ErrorRoute>().AddFault<DebugLogging>().AddFault<SlowRelease>();
        return services.AddSingleton<FaultLedger>().AddSingleton<FaultBoard>();
    }

    private static IServiceCollection AddFault<T>(this IServiceCollection services)
        where T : FaultSwitch => services.AddSingleton<T>().AddSingleton<FaultSwitch>(of => of.Get<T>());
}
