namespace Kpi.Collector.Points;

/// <summary>What a value is counted since. The numbers are the wire's.</summary>
internal enum Temporality
{
    /// <summary>Not said, or not known to us.</summary>
    Unspecified = 0,

    /// <summary>The point before.</summary>
    Delta = 1,

    /// <summary>A start that stays.</summary>
    Cumulative = 2,
}
