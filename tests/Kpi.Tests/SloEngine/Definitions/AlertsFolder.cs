using Kpi.SloEngine.Definitions;

namespace Kpi.Tests.SloEngine.Definitions;

/// <summary>A folder of its own with small good definition files, gone after the test.</summary>
internal sealed class AlertsFolder : IDisposable
{
    public const string Tiers = """
        version: 1
        current: 1k
        users: null
        tiers:
          - {id: 1k, users: 1000, name: 1k}
          - {id: 1m, users: 1000000, name: 1M}
        """;

    public const string Kpis = """
        version: 1
        entryServices: [gateway]
        excludedRoutes: [/health]
        excludeSynthetic: true
        kpis:
          - id: p99_latency
            name: P99 latency
            unit: s
            kind: quantile
            metrics: ['{"http.server.request.duration"}']
            quantile: 0.99
            targets: {1k: 200ms, 1m: 100ms}
          - id: uptime
            name: Uptime
            unit: '1'
            kind: uptime
            targets: {1k: 99.9%, 1m: 99.99%}
        """;

    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("kpi-alerts-");

    public AlertsFolder(string kpis = Kpis, string tiers = Tiers)
    {
        Write(DefinitionFiles.KpisName, kpis);
        Write(DefinitionFiles.TiersName, tiers);
    }

    public string FullName => directory.FullName;

    public string PathOf(string name) => Path.Combine(FullName, name);

    public void Write(string name, string text) => File.WriteAllText(PathOf(name), text);

    public DefinitionsReading Read() => new DefinitionsReader(_ => null).Read(FullName);

    public void Dispose() => directory.Delete(recursive: true);
}
