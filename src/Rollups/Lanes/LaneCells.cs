using System.Runtime.CompilerServices;
using Kpi.Rollups.Cells;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Intake;
using Kpi.Rollups.Reading;
using Kpi.Rollups.Time;

namespace Kpi.Rollups.Lanes;

/// <summary>
/// The cells of one lane that are not committed yet. One thread at a time: the lane's, or a test's. Bounded by
/// <see cref="RollupLimits.UncommittedBytes"/>, which intake respects before it posts.
/// </summary>
internal sealed class LaneCells
{
    // Cells kept for reuse however few the last flush held.
    private const int LeastIdle = 4_096;

    private readonly SeriesCatalog catalog;
    private readonly int lane;
    private readonly int lanes;
    private readonly CellMemory memory = new();
    private readonly LaneRemarks remarks;
    private readonly SliceBudget shares = new();
    private readonly LaneCounters counters;
    private readonly LaneGauges gauges;
    private readonly LaneHistograms histograms;
    private readonly Stack<OpenDistribution> idle = new();
    private readonly Queue<DrainedCells> drained = new();
    private readonly Dictionary<CellKey, OpenDistribution> current = [];
    private SlotState[] slots = new SlotState[256];
    private List<OpenDistribution> open = [];
    private long idleBytes;
    private long uncommittedBytes;

    public LaneCells(SeriesCatalog catalog, int lane, int lanes, IntakeTally intake)
    {
        this.catalog = catalog;
        this.lane = lane;
        this.lanes = lanes;
        remarks = new LaneRemarks(intake);
        counters = new LaneCounters(catalog, memory, remarks);
        gauges = new LaneGauges(memory);
        histograms = new LaneHistograms(catalog, memory, remarks);
    }

    /// <summary>Memory of cells not yet committed; read by anyone.</summary>
    public long UncommittedBytes => Volatile.Read(ref uncommittedBytes);

    /// <summary>Adds a batch's samples of this lane's series.</summary>
    public void Apply(SampleBatch batch)
    {
        shares.Begin(((catalog.Limits.UncommittedBytes / lanes) - (memory.Bytes - idleBytes)) / LaneCounters.BytesPerCell);
        foreach (ref readonly var sample in batch.Durations)
        {
            if (IsOurs(sample.Slot))
            {
                Add(in sample);
            }
        }

        foreach (ref readonly var sample in batch.Counters)
        {
            if (IsOurs(sample.Slot))
            {
                counters.Add(in sample, shares);
            }
        }

        foreach (ref readonly var sample in batch.Gauges)
        {
            if (IsOurs(sample.Slot))
            {
                gauges.Add(in sample);
            }
        }

        foreach (ref readonly var sample in batch.Histograms)
        {
            if (IsOurs(sample.Slot))
            {
                histograms.Add(batch, in sample, shares);
            }
        }

        remarks.Publish();
        Volatile.Write(ref uncommittedBytes, memory.Bytes - idleBytes);
    }

    /// <summary>Hands all cells to a flush, open ones included, and starts afresh.</summary>
    public DrainedCells Drain(long flush)
    {
        foreach (var cell in open)
        {
            slots[cell.Series.Slot / lanes].Forget();
        }

        var taken = new DrainedCells(flush, open, counters.Drain(), gauges.Drain(), histograms.Drain());
        drained.Enqueue(taken);
        current.Clear();
        open = new List<OpenDistribution>(taken.Distributions.Count);
        return taken;
    }

    /// <summary>Forgets what flushes up to this one took: it is committed.</summary>
    public void Discard(long flush)
    {
        while (drained.TryPeek(out var oldest) && oldest.Flush <= flush)
        {
            drained.Dequeue();
            counters.Reuse(oldest.Counters);
            gauges.Reuse(oldest.Gauges);
            histograms.Reuse(oldest.Histograms);
            var keep = Math.Max(LeastIdle, oldest.Distributions.Count);
            foreach (var cell in oldest.Distributions)
            {
                idleBytes += cell.Cell.Bytes;
                idle.Push(cell);
            }

            // As many as the last flush needed; what a burst left goes to the garbage collector.
            while (idle.Count > keep)
            {
                var bytes = idle.Pop().Cell.Bytes;
                idleBytes -= bytes;
                memory.Add(-bytes);
            }
        }

        Volatile.Write(ref uncommittedBytes, memory.Bytes - idleBytes);
    }

    /// <summary>Shows the cells that a flush after <paramref name="committed"/> will commit.</summary>
    public void Visit(SliceRange range, long committed, ICellVisitor visitor)
    {
        foreach (var earlier in drained)
        {
            if (earlier.Flush > committed)
            {
                earlier.Show(range, catalog, visitor);
            }
        }

        // Cells still open belong to a flush after all that were drained, so no store can hold them.
        new DrainedCells(0, open, counters.Cells, gauges.Cells, histograms.Cells).Show(range, catalog, visitor);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsOurs(int slot) => lanes == 1 || slot % lanes == lane;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Add(in DurationSample sample)
    {
        var local = lanes == 1 ? sample.Slot : sample.Slot / lanes;
        if (local >= slots.Length)
        {
            Array.Resize(ref slots, Math.Max(local + 1, slots.Length * 2));
        }

        ref var slot = ref slots[local];
        var weight = sample.Weight == DurationSample.One ? 1 : slot.Weigh(sample.Weight);
        var cell = slot.Head;
        if (cell is null || cell.Slice != sample.Slice || !ReferenceEquals(cell.Cell.Edges, cell.Series.Edges))
        {
            cell = Find(ref slot, sample.Slot, sample.Slice);
        }

        if (sample.Nanos < 0)
        {
            cell.Cell.AddValueless(weight);
        }
        else if (!cell.Cell.TryAdd(sample.Nanos, weight))
        {
            Open(ref slot, cell.Series, sample.Slice).Cell.TryAdd(sample.Nanos, weight);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private OpenDistribution Find(ref SlotState slot, int number, int slice)
    {
        var series = catalog[number];
        var cell = slot.Before;
        if (cell is null || cell.Slice != slice || !ReferenceEquals(cell.Cell.Edges, series.Edges))
        {
            if (!current.TryGetValue(new CellKey(number, slice), out cell) || !ReferenceEquals(cell.Cell.Edges, series.Edges))
            {
                return Open(ref slot, series, slice);
            }
        }

        slot.Take(cell);
        return cell;
    }

    private OpenDistribution Open(ref SlotState slot, ActiveSeries series, int slice)
    {
        if (idle.TryPop(out var cell))
        {
            idleBytes -= cell.Cell.Bytes;
        }
        else
        {
            cell = new OpenDistribution(memory);
        }

        cell.Start(series, slice);
        slot.Take(cell);
        current[new CellKey(series.Slot, slice)] = cell;
        open.Add(cell);
        return cell;
    }

    private struct SlotState
    {
        private uint carry;

        // The cell of the last sample: nearly always also that of the next.
        public OpenDistribution? Head;

        // The one before it: around a slice's edge samples come for both sides in turn.
        public OpenDistribution? Before;

        public void Take(OpenDistribution cell) => (Before, Head) = (Head, cell);

        public void Forget() => Before = Head = null;

        // Weights are rarely whole (a share of 30 % stands for 3⅓). What does not fit into whole events is carried to the series'
        // next sample. The carry begins at half an event, so that many small series are right together: each to within half an
        // event, up or down.
        public uint Weigh(ulong weight)
        {
            const uint Half = 1u << 31;
            var whole = weight + (carry ^ Half);
            carry = (uint)whole ^ Half;
            return (uint)Math.Min(whole >> 32, uint.MaxValue);
        }
    }
}
