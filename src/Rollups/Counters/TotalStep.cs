using Kpi.Rollups.Intake;

namespace Kpi.Rollups.Counters;

/// <summary>How a running total counts.</summary>
internal enum TotalUse
{
    /// <summary>Not at all; it is not seen.</summary>
    Dropped,

    /// <summary>As what later totals are reckoned from.</summary>
    Baseline,

    /// <summary>All of it.</summary>
    Whole,

    /// <summary>What it is more than the one before.</summary>
    Difference,
}

/// <summary>What a running total adds.</summary>
/// <param name="Use">How it counts.</param>
/// <param name="From">Since when it came about, in nanoseconds since 1970; the point's own time when nobody knows.</param>
/// <param name="Before">The total before it, for a difference; it is not kept any more.</param>
/// <param name="Remark">What is to be said of it.</param>
internal readonly record struct TotalStep<T>(TotalUse Use, long From, T? Before, RejectReason? Remark)
{
    /// <summary>Whether the total is kept, to reckon later ones from.</summary>
    public bool IsKept { get; init; }
}
