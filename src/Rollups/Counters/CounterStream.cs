using Kpi.Rollups.Cells;

namespace Kpi.Rollups.Counters;

/// <summary>The newest running total of those that one sender counted from one start.</summary>
/// <param name="Start">Since when, in nanoseconds since 1970; 0 when the sender does not say.</param>
/// <param name="Time">When it was read.</param>
/// <param name="Interval">Time between its last two totals in nanoseconds; 0 when there was one only.</param>
/// <param name="Total">The total.</param>
internal readonly record struct CounterStream(long Start, long Time, long Interval, FixedSum Total);
