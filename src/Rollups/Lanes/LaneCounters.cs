using System.Runtime.InteropServices;
using Kpi.Rollups.Cells;
using Kpi.Rollups.Counters;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Intake;
using Kpi.Rollups.Time;

namespace Kpi.Rollups.Lanes;

/// <summary>The counter cells of one lane that no flush has taken yet. One thread at a time, as <see cref="LaneCells"/>.</summary>
internal sealed class LaneCounters(SeriesCatalog catalog, CellMemory memory, IntakeTally intake)
{
    /// <summary>A key and its cell, 88 bytes, in a dictionary that doubles when it is full.</summary>
    public const int BytesPerCell = 160;

    // Up to here an increase belongs to the slice of its later sample; most senders send every 10 to 60 s.
    private const long MostUnsharedNanos = 120 * 1_000_000_000L;

    private readonly long[] remarks = new long[Enum.GetValues<RejectReason>().Length];
    private Dictionary<CellKey, CounterCell> cells = [];
    private long sharesLeft;
    private bool remarked;

    public Dictionary<CellKey, CounterCell> Cells => cells;

    /// <summary>Begins a batch.</summary>
    /// <param name="bytesLeft">Memory that the lane may still fill: what intervals may be shared out over.</param>
    public void Begin(long bytesLeft) => sharesLeft = bytesLeft / BytesPerCell;

    public void Add(in CounterSample sample)
    {
        var series = catalog[sample.Slot];
        var step = series.IsOverflow ? CounterState.StepOf(in sample) : (series.Counter ??= new CounterState()).Take(in sample);
        Note(step.Remark);
        if (step.IsSample)
        {
            var last = Slice.Of(sample.Time);
            var increase = step.Increase - ShareOut(in sample, in step, last);
            var offset = sample.Time.Value - last.Plus(-1).End.Value;
            Add(new CellKey(sample.Slot, last.Number), new CounterCell(increase, 1, offset, offset, sample.Raw, sample.IsStale));
        }
    }

    /// <summary>Ends a batch: what was to be said of its points is counted.</summary>
    public void End()
    {
        if (remarked)
        {
            for (var i = 0; i < remarks.Length; i++)
            {
                intake.Count(TelemetrySignal.Metrics, (RejectReason)i, remarks[i]);
            }

            Array.Clear(remarks);
            remarked = false;
        }
    }

    /// <summary>Hands the cells over and starts afresh.</summary>
    public Dictionary<CellKey, CounterCell> Drain()
    {
        var taken = cells;

        // The next flush has about as many: a dictionary that grows leaves twice its size as garbage.
        cells = new Dictionary<CellKey, CounterCell>(taken.Count);
        return taken;
    }

    // What of a long interval's increase belongs to slices before the last.
    private FixedSum ShareOut(in CounterSample sample, in CounterStep step, Slice last)
    {
        var length = sample.Time.Value - step.From;
        if (length <= MostUnsharedNanos || step.Increase == FixedSum.Zero)
        {
            return FixedSum.Zero;
        }

        var first = Slice.Of(new UnixNanos(step.From + 1));
        sharesLeft -= last.Number - first.Number;
        if (sharesLeft < 0)
        {
            sharesLeft = 0;
            Note(RejectReason.IntervalNotShared);
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
        ref var cell = ref CollectionsMarshal.GetValueRefOrAddDefault(cells, key, out var known);
        cell += added;
        memory.Add(known ? 0 : BytesPerCell);
    }

    private void Note(RejectReason? remark)
    {
        if (remark is { } reason)
        {
            remarks[(int)reason]++;
            remarked = true;
        }
    }
}
