using System.Runtime.InteropServices;
using Kpi.Rollups.Cells;
using Kpi.Rollups.Counters;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Time;

namespace Kpi.Rollups.Lanes;

/// <summary>The counter cells of one lane that no flush has taken yet. One thread at a time, as <see cref="LaneCells"/>.</summary>
internal sealed class LaneCounters(SeriesCatalog catalog, CellMemory memory, LaneRemarks remarks)
{
    /// <summary>A key and its cell, 88 bytes, in a dictionary that doubles when it is full.</summary>
    public const int BytesPerCell = 160;

    /// <summary>Up to here an increase belongs to the slice of its later sample; most senders send every 10 to 60 s.</summary>
    public const long MostUnsharedNanos = 120 * 1_000_000_000L;

    private readonly OpenCells<CellKey, CounterCell> cells = new();

    public Dictionary<CellKey, CounterCell> Cells => cells.Current;

    public void Add(in CounterSample sample, SliceBudget slices)
    {
        var series = catalog[sample.Slot];
        var step = series.IsOverflow ? CounterState.StepOf(in sample) : (series.Counter ??= new CounterState()).Take(in sample);
        remarks.Note(step.Remark);
        if (step.IsSample)
        {
            var last = Slice.Of(sample.Time);
            var increase = step.Increase - ShareOut(in sample, in step, last, slices);
            var offset = sample.Time.Value - last.Plus(-1).End.Value;
            Add(new CellKey(sample.Slot, last.Number), new CounterCell(increase, 1, offset, offset, sample.Raw, sample.IsStale));
        }
    }

    /// <summary>Hands the cells over and starts afresh.</summary>
    public Dictionary<CellKey, CounterCell> Drain() => cells.Drain();

    /// <summary>Takes cells back that are committed.</summary>
    public void Reuse(Dictionary<CellKey, CounterCell> committed)
    {
        memory.Add(-(long)BytesPerCell * committed.Count);
        cells.Reuse(committed);
    }

    // What of a long interval's increase belongs to slices before the last.
    private FixedSum ShareOut(in CounterSample sample, in CounterStep step, Slice last, SliceBudget slices)
    {
        var length = sample.Time.Value - step.From;
        if (length <= MostUnsharedNanos || step.Increase == FixedSum.Zero)
        {
            return FixedSum.Zero;
        }

        var first = Slice.Of(new UnixNanos(step.From + 1));
        if (!slices.TryTake(last.Number - first.Number, remarks))
        {
            return FixedSum.Zero;
        }

        var shares = new IncreaseShares(step.Increase, length, sample.IsInteger && step.Increase.IsWhole);
        var shared = FixedSum.Zero;
        for (var slice = first; slice.Number < last.Number; slice = slice.Plus(1))
        {
            var upTo = shares.UpTo(slice.End.Value - step.From);
            if (upTo != shared)
            {
                Add(new CellKey(sample.Slot, slice.Number), default(CounterCell) with { Increase = upTo - shared });
                shared = upTo;
            }
        }

        return shared;
    }

    private void Add(CellKey key, CounterCell added)
    {
        ref var cell = ref CollectionsMarshal.GetValueRefOrAddDefault(cells.Current, key, out var known);
        cell += added;
        memory.Add(known ? 0 : BytesPerCell);
    }
}
