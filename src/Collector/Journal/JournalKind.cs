namespace Kpi.Collector.Journal;

/// <summary>What a record says. The numbers are stored.</summary>
internal enum JournalKind : byte
{
    /// <summary>A body as it was received.</summary>
    Body = 1,

    /// <summary>A flush: its number, and the position up to which all is contained.</summary>
    Flush = 2,
}
