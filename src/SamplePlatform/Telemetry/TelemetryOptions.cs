namespace Kpi.SamplePlatform.Telemetry;

/// <summary>What the shop's telemetry says about the process, and where and how often it goes.</summary>
internal sealed record TelemetryOptions
{
    /// <summary>OTLP/gRPC. null: the SDK's own environment variables (OTEL_EXPORTER_OTLP_…) or their defaults.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>False: nothing leaves the process, and nothing is prepared to.</summary>
    public bool Enabled { get; init; } = true;

    public string Version { get; init; } = "1.0.0";

    public string Instance { get; init; } = Guid.NewGuid().ToString("N");

    public TimeSpan MetricInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long spans and log records wait for company.</summary>
    public TimeSpan BatchDelay { get; init; } = TimeSpan.FromSeconds(1);
}
