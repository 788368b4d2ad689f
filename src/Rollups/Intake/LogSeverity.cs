namespace Kpi.Rollups.Intake;

/// <summary>Classes of a log record's severity. Source: opentelemetry-proto logs/v1/logs.proto, SeverityNumber: four numbers a class.</summary>
public enum LogSeverity
{
    /// <summary>None given, or a number that is none.</summary>
    Unspecified,

    /// <summary>1 to 4.</summary>
    Trace,

    /// <summary>5 to 8.</summary>
    Debug,

    /// <summary>9 to 12.</summary>
    Info,

    /// <summary>13 to 16.</summary>
    Warn,

    /// <summary>17 to 20.</summary>
    Error,

    /// <summary>21 to 24.</summary>
    Fatal,
}
