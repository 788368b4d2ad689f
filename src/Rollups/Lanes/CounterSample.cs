using Kpi.Rollups.Cells;

namespace Kpi.Rollups.Lanes;

/// <summary>One increase of a counter, on its way to a lane.</summary>
/// <param name="Slot">The series.</param>
/// <param name="Slice">Number of the slice it belongs to.</param>
/// <param name="Cell">What it adds to that slice.</param>
public readonly record struct CounterSample(int Slot, int Slice, CounterCell Cell);
