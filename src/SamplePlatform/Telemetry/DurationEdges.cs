namespace Kpi.SamplePlatform.Telemetry;

/// <summary>
/// Bucket edges in seconds: those the instruments advise (ASP.NET Core 10, Npgsql 10), and the targets of the KPIs, so that the
/// share within a target is counted exactly and not guessed inside a bucket.
/// </summary>
internal static class DurationEdges
{
    public const string HttpServer = "http.server.request.duration";
    public const string DatabaseClient = "db.client.operation.duration";

    private static readonly double[] Targets = [0.01, 0.02, 0.05, 0.1, 0.15, 0.2];
    private static readonly double[] HttpAdvice = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
    private static readonly double[] DatabaseAdvice = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10];

    public static double[] Http { get; } = [.. HttpAdvice.Union(Targets).Order()];

    public static double[] Database { get; } = [.. DatabaseAdvice.Union(Targets).Order()];
}
