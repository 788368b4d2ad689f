using Kpi.Rollups.Intake;

namespace Kpi.Collector.Logs;

/// <summary>What was read of one log record, as slices of the body.</summary>
internal ref struct LogFacts
{
    /// <summary>When it happened; 0 when nobody says.</summary>
    public ulong Time;

    /// <summary>When it was seen first; 0 when nobody says.</summary>
    public ulong Observed;

    public LogSeverity Severity;

    /// <summary>The record's field, or else its attribute of the older way; empty for a record that is no event.</summary>
    public ReadOnlySpan<byte> EventName;

    public bool IsUtf8;

    /// <summary>The time at which it counts: what is known of it, at last that of its receipt.</summary>
    public readonly ulong TimeAt(long receipt) => Time != 0 ? Time : Observed != 0 ? Observed : (ulong)receipt;
}
