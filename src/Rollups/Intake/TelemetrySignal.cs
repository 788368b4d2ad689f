namespace Kpi.Rollups.Intake;

/// <summary>What a request carries.</summary>
public enum TelemetrySignal
{
    /// <summary>Spans.</summary>
    Traces,

    /// <summary>Data points of metrics.</summary>
    Metrics,

    /// <summary>Log records.</summary>
    Logs,
}
