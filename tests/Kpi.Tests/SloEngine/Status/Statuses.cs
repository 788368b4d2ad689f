using Kpi.SloEngine.Status;

namespace Kpi.Tests.SloEngine.Status;

/// <summary>Statuses made by hand or by chance.</summary>
internal static class Statuses
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly IngestEndpoints Endpoints = new("127.0.0.1:4317", null);

    public static WindowStatus Numbered(long version) => Drawn(version, new Random(1));

    /// <summary>Values are few, so that parts of two statuses are often equal.</summary>
    public static WindowStatus Drawn(long version, Random random) => new(
        version,
        Noon.AddSeconds(version),
        "5m",
        Noon,
        Noon.AddMinutes(5),
        null,
        10,
        new TierStatus(null, "1k", "1m"),
        [.. Enumerable.Range(0, 3).Select(i => Kpi($"kpi{i}", random))],
        [.. Enumerable.Range(0, 6).Where(_ => random.Next(3) > 0).Select(i => Service($"service{i}", random))],
        new IngestStatus(
            random.Next(2),
            [.. Enumerable.Range(0, random.Next(3)).Select(i => new ReasonCount($"reason{i}", random.Next(2)))],
            [],
            3,
            10,
            null,
            Endpoints),
        [.. Enumerable.Range(0, random.Next(2)).Select(i => new ProblemStatus("kpis.yaml", i + 1, 1, $"problem {random.Next(2)}"))],
        "1.0-test")
    {
        LineFrom = Noon.AddSeconds(-version),
    };

    private static KpiStatus Kpi(string id, Random random) => new(
        id,
        id,
        "s",
        Perhaps(random),
        Perhaps(random),
        null,
        null,
        null,
        random.Next(2),
        null,
        "spans",
        new Dictionary<string, double> { ["1k"] = 0.2, ["1m"] = random.Next(2) },
        new Dictionary<string, string> { ["1k"] = "pass", ["1m"] = random.Next(3) == 0 ? "fail" : "pass" },
        "words",
        Noon,
        [Perhaps(random)])
    {
        Layers = random.Next(2) == 0
            ? null
            : [.. Enumerable.Range(0, random.Next(3)).Select(i => new LayerStatus($"L{i}", Perhaps(random), 1, null))],
        Worst = random.Next(2) == 0 ? null : new WorstStatus("pool", $"shard-{random.Next(2)}", 0.2, 60),
        Shares = random.Next(2) == 0 ? null : new Dictionary<string, double?> { ["1k"] = Perhaps(random) },
    };

    private static ServiceStatus Service(string name, Random random) =>
        new(name, random.Next(2), 0, 0, 0.1, Perhaps(random), 0.1, 0.2, 0.3, "spans", Noon, [random.Next(2)])
        {
            Estimated = random.Next(4) == 0,
        };

    private static double? Perhaps(Random random) => random.Next(3) switch { 0 => null, var n => n };
}
