using System.Runtime.InteropServices;
using Kpi.Rollups.Cells;
using Kpi.Rollups.Time;

namespace Kpi.Rollups.Lanes;

/// <summary>The gauge cells of one lane that no flush has taken yet. One thread at a time, as <see cref="LaneCells"/>.</summary>
internal sealed class LaneGauges(CellMemory memory)
{
    /// <summary>A key and its cell, 88 bytes, in a dictionary that doubles when it is full.</summary>
    public const int BytesPerCell = 160;

    private readonly OpenCells<CellKey, GaugeCell> cells = new();

    public Dictionary<CellKey, GaugeCell> Cells => cells.Current;

    public void Add(in GaugeSample sample)
    {
        var slice = Slice.Of(sample.Time);
        var offset = sample.Time.Value - slice.Plus(-1).End.Value;
        var added = sample.IsStale ? GaugeCell.End(offset) : GaugeCell.Of(sample.Value, offset);
        ref var cell = ref CollectionsMarshal.GetValueRefOrAddDefault(Cells, new CellKey(sample.Slot, slice.Number), out var known);
        cell = known ? cell + added : added;
        memory.Add(known ? 0 : BytesPerCell);
    }

    /// <summary>Hands the cells over and starts afresh.</summary>
    public Dictionary<CellKey, GaugeCell> Drain() => cells.Drain();

    /// <summary>Takes cells back that are committed.</summary>
    public void Reuse(Dictionary<CellKey, GaugeCell> committed)
    {
        memory.Add(-(long)BytesPerCell * committed.Count);
        cells.Reuse(committed);
    }
}
