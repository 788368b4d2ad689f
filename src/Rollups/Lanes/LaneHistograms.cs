using System.Runtime.InteropServices;
using Kpi.Rollups.Cells;
using Kpi.Rollups.Counters;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Time;

namespace Kpi.Rollups.Lanes;

/// <summary>One slice of a histogram in the buckets of one layout: series by slot, slice by number.</summary>
internal readonly record struct HistogramKey(int Slot, int Slice, HistogramLayout Layout);

/// <summary>The histogram cells of one lane that no flush has taken yet. One thread at a time, as <see cref="LaneCells"/>.</summary>
internal sealed class LaneHistograms(SeriesCatalog catalog, CellMemory memory, LaneRemarks remarks)
{
    // Cells kept for reuse, and what one may take: 64 MB at most, mostly far less.
    private const int MostIdle = 4_096;
    private const int MostIdleBytes = 16 << 10;

    private readonly Stack<HistogramCell> idle = new();
    private readonly HistogramCounts difference = new();
    private readonly HistogramCounts share = new();
    private readonly HistogramCounts shared = new();
    private readonly OpenCells<HistogramKey, HistogramCell> cells = new();
    private HistogramTotal point = new();

    public Dictionary<HistogramKey, HistogramCell> Cells => cells.Current;

    public void Add(SampleBatch batch, in HistogramSample sample, SliceBudget slices)
    {
        var series = catalog[sample.Slot];
        if (sample.IsStale)
        {
            CellOf(in sample, LayoutOf(series)).NoteSample(1, OffsetOf(in sample), stale: true);
            return;
        }

        batch.Read(in sample, point.Counts);
        var state = series.IsOverflow ? null : series.Histogram ??= new HistogramState();
        var start = sample.Start.Value > 0 && sample.Start.Value <= sample.Time.Value ? sample.Start.Value : 0;
        if (sample.IsIncrease)
        {
            remarks.Note(state?.TakeIncrease(start, sample.Time.Value, point.Counts.Layout));
            Count(in sample, point.Counts, start == 0 ? sample.Time.Value : start, slices);
        }
        else if (state is not null)
        {
            Take(in sample, start, state.TakeTotal(start, sample.Time.Value, point), slices);
        }
    }

    /// <summary>Hands the cells over and starts afresh.</summary>
    public Dictionary<HistogramKey, HistogramCell> Drain() => cells.Drain();

    /// <summary>Takes cells back that are committed.</summary>
    public void Reuse(Dictionary<HistogramKey, HistogramCell> committed)
    {
        foreach (var cell in committed.Values)
        {
            memory.Add(-cell.Bytes);
            if (idle.Count < MostIdle && cell.Bytes <= MostIdleBytes)
            {
                idle.Push(cell);
            }
        }

        cells.Reuse(committed);
    }

    private void Take(in HistogramSample sample, long start, TotalStep<HistogramTotal> step, SliceBudget slices)
    {
        remarks.Note(step.Remark);
        HistogramCell? cell = null;
        if (step.Use == TotalUse.Whole)
        {
            // A copy, as counting shares it out and the totals are kept.
            difference.Set(point.Counts);
            cell = Count(in sample, difference, step.From, slices);
        }
        else if (step.Use == TotalUse.Difference)
        {
            point.LessInto(step.Before!, difference);
            cell = Count(in sample, difference, step.From, slices);
        }
        else if (step.Use == TotalUse.Baseline)
        {
            cell = CellOf(in sample, point.Counts.Layout);
            cell.NoteSample(1, OffsetOf(in sample), stale: false);
        }

        if (cell is not null)
        {
            var before = cell.Bytes;
            cell.NoteTotals(point.Counts, start, OffsetOf(in sample));
            memory.Add(cell.Bytes - before);
        }

        if (step.IsKept)
        {
            // What the series remembers is this point from now on; what it remembered takes the next one.
            point = step.Before ?? new HistogramTotal();
        }
    }

    private HistogramCell Count(in HistogramSample sample, HistogramCounts counts, long from, SliceBudget slices)
    {
        var cell = CellOf(in sample, counts.Layout);
        var before = cell.Bytes;
        ShareOut(in sample, counts, from, slices);
        cell.Increase.Add(counts);
        if (counts.Count > 0)
        {
            // Of running totals they say nothing about the increase.
            var (min, max) = sample.IsIncrease && sample.Min <= sample.Max ? (sample.Min, sample.Max) : (double.NaN, double.NaN);
            (cell.Min, cell.Max) = (Math.Min(cell.Min, min), Math.Max(cell.Max, max));
        }

        cell.NoteSample(1, OffsetOf(in sample), stale: false);
        memory.Add(cell.Bytes - before);
        return cell;
    }

    // What of a long interval's counts belongs to slices before the last goes there, and is taken from them. Nobody knows in which of
    // the slices the smallest and the largest lay.
    private void ShareOut(in HistogramSample sample, HistogramCounts counts, long from, SliceBudget slices)
    {
        var last = Slice.Of(sample.Time);
        var length = sample.Time.Value - from;
        var first = Slice.Of(new UnixNanos(from + 1));
        var each = 1 + ((HistogramCell.FixedBytes + counts.Bytes) / LaneCounters.BytesPerCell);
        if (counts.Count == 0 || length <= LaneCounters.MostUnsharedNanos || !slices.TryTake((long)each * (last.Number - first.Number), remarks))
        {
            return;
        }

        shared.Reset(counts.Layout);
        for (var slice = first; slice.Number < last.Number; slice = slice.Plus(1))
        {
            share.SetPart(counts, slice.End.Value - from, length);
            share.Subtract(shared);
            if (share.Count > 0)
            {
                shared.Add(share);
                var cell = CellAt(new HistogramKey(sample.Slot, slice.Number, counts.Layout));
                var before = cell.Bytes;
                cell.Increase.Add(share);
                (cell.Min, cell.Max) = (double.NaN, double.NaN);
                memory.Add(cell.Bytes - before);
            }
        }

        counts.Subtract(shared);
    }

    private HistogramCell CellOf(in HistogramSample sample, HistogramLayout layout) =>
        CellAt(new HistogramKey(sample.Slot, Slice.Of(sample.Time).Number, layout));

    private HistogramCell CellAt(HistogramKey key)
    {
        ref var cell = ref CollectionsMarshal.GetValueRefOrAddDefault(Cells, key, out var known);
        if (!known)
        {
            cell = idle.TryPop(out var used) ? used : new HistogramCell();
            cell.Reset(key.Layout);
            memory.Add(cell.Bytes);
        }

        return cell!;
    }

    // The end of a series is noted in the buckets it has now.
    private static HistogramLayout LayoutOf(ActiveSeries series) => series.Histogram?.Layout ?? HistogramLayout.Of([]);

    private static long OffsetOf(in HistogramSample sample) => sample.Time.Value - Slice.Of(sample.Time).Plus(-1).End.Value;
}
