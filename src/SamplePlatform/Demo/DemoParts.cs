using System.Collections;
using System.Globalization;
using System.Security.Cryptography;
using Kpi.SamplePlatform.Shop.Access;

namespace Kpi.SamplePlatform.Demo;

/// <summary>The three programs of the demo, as they are called: the product, the shop, and its users.</summary>
internal sealed class DemoParts(DemoFolder folder, DemoPorts ports, DemoSettings settings) : IAsyncDisposable
{
    private const int Seed = 1;

    // Of the launcher's caller; they would turn telemetry off, or send it elsewhere.
    private static readonly string[] Foreign = ["OTEL_", "KPI__", "ASPNETCORE_"];

    private readonly string tokenKey = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
    private readonly List<DemoPart> started = [];

    /// <summary>In the order of their start; at most three.</summary>
    public IReadOnlyList<DemoPart> Started => started;

    /// <summary>Where the load writes what it sent, at its end.</summary>
    public string LoadReport => folder.In("load.json");

    private static string OwnProgram => Path.Combine(AppContext.BaseDirectory, "Kpi.SamplePlatform");

    public void StartKpi() => Start("kpi", settings.KpiProgram,
    [
        "serve", "--data", folder.Data, "--alerts", folder.Alerts, "--http", ports.Page.ToString(),
        "--otlp-grpc", ports.OtlpGrpc.ToString(), "--otlp-http", ports.OtlpHttp.ToString(),
    ]);

    public void StartShop() => Start("shop", OwnProgram,
    [
        "shop", "--listen", ports.Shop.ToString(), "--servers", folder.Servers, "--otlp", $"http://{ports.OtlpGrpc}", "--version", "1.0.0",
    ]);

    public void StartLoad() => Start("load", OwnProgram,
    [
        "load", "--target", $"http://{ports.Shop}", "--users", settings.Preset.Name,
        "--seed", Seed.ToString(CultureInfo.InvariantCulture), "--report", LoadReport,
    ]);

    /// <summary>Ends them, the last started first.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var part in started.AsEnumerable().Reverse())
        {
            await part.StopAsync().ConfigureAwait(false);
            part.Dispose();
        }
    }

    private void Start(string name, string program, IReadOnlyList<string> arguments) =>
        started.Add(DemoPart.Start(folder, name, program, arguments, CleanEnvironment()));

    private Dictionary<string, string?> CleanEnvironment()
    {
        var clean = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(v => (string)v.Key)
            .Where(v => Foreign.Any(f => v.StartsWith(f, StringComparison.OrdinalIgnoreCase)))
            .ToDictionary(v => v, _ => (string?)null);
        clean[ShopTokens.KeyVariable] = tokenKey;
        return clean;
    }
}
