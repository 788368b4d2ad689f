using Kpi.Rollups.Cells;

namespace Kpi.Rollups.Store.Blocks;

/// <summary>Writes histogram cells as columns under Brotli; layout in <c>docs/formats/blocks.md</c>. Reused; one thread.</summary>
internal sealed class HistogramBlockWriter
{
    private readonly CellPlaces places = new();
    private readonly ByteSink plain = new();
    private readonly PackedBytes packed = new();
    private readonly Dictionary<HistogramLayout, int> layouts = [];

    /// <summary>Bodies that hold these cells, which lie in order of series, then time; more than one only when they are very many or very large.</summary>
    /// <param name="span">Times are below it.</param>
    public IReadOnlyList<byte[]> Cut(ByteSink sink, ReadOnlySpan<PlacedHistogram> cells, int span)
    {
        plain.Clear();
        if (cells.Length <= BlockFormat.MostCells)
        {
            WriteLayouts(cells);
            WriteHeads(cells);
            WriteCounts(cells);
        }

        if (cells.Length > BlockFormat.MostCells || (plain.Written.Length > BlockFormat.MostPlainBytes && cells.Length > 1))
        {
            return [.. Cut(sink, cells[..(cells.Length / 2)], span), .. Cut(sink, cells[(cells.Length / 2)..], span)];
        }

        sink.Clear();
        sink.Byte(BlockFormat.Version);
        places.Set(cells, c => c.Place);
        places.Write(sink, span, seriesFirst: true);
        packed.Write(sink, plain.Written);
        return [sink.Written.ToArray()];
    }

    private void WriteLayouts(ReadOnlySpan<PlacedHistogram> cells)
    {
        layouts.Clear();
        foreach (ref readonly var c in cells)
        {
            layouts.TryAdd(c.Cell.Increase.Layout, layouts.Count);
        }

        plain.Varint((ulong)layouts.Count);
        foreach (var layout in layouts.Keys)
        {
            if (layout.Scale is { } scale)
            {
                plain.Varint(0);
                plain.Zigzag(scale);
                plain.Double(layout.ZeroThreshold);
                continue;
            }

            plain.Varint((ulong)layout.BucketCount);
            foreach (var bound in layout.Bounds)
            {
                plain.Double(bound);
            }
        }
    }

    private void WriteHeads(ReadOnlySpan<PlacedHistogram> cells)
    {
        foreach (ref readonly var c in cells)
        {
            plain.Varint((ulong)layouts[c.Cell.Increase.Layout]);
            plain.Byte((byte)FormOf(c.Cell));
            plain.Varint((ulong)c.Cell.Samples);
        }

        foreach (ref readonly var c in cells)
        {
            plain.Varint((ulong)c.Cell.LastOffset);
            if (c.Cell.HasTotals)
            {
                plain.Varint((ulong)c.Cell.TotalsStart);
                plain.Varint((ulong)c.Cell.TotalsOffset);
            }
        }

        foreach (ref readonly var c in cells)
        {
            var form = FormOf(c.Cell);
            WriteSum((form & HistogramForm.Sum) != 0, c.Cell.Increase);
            WriteSum((form & HistogramForm.TotalsSum) != 0, c.Cell.Totals);
            if ((form & HistogramForm.Range) != 0)
            {
                plain.Double(c.Cell.Min);
                plain.Double(c.Cell.Max);
            }
        }
    }

    private void WriteSum(bool has, HistogramCounts of)
    {
        if (has)
        {
            plain.LongZigzag(of.Sum!.Value.Nanos);
        }
    }

    private void WriteCounts(ReadOnlySpan<PlacedHistogram> cells)
    {
        foreach (ref readonly var c in cells)
        {
            Write(c.Cell.Increase);
            if (c.Cell.HasTotals)
            {
                Write(c.Cell.Totals);
            }
        }
    }

    private void Write(HistogramCounts counts)
    {
        plain.Varint((ulong)(counts.Count - counts.InBuckets));
        if (counts.Layout.Scale is null)
        {
            for (var i = 0; i < counts.Layout.BucketCount; i++)
            {
                plain.Varint((ulong)counts.Positive[i]);
            }

            return;
        }

        plain.Varint((ulong)counts.Zeros);
        Write(counts.Positive);
        Write(counts.Negative);
    }

    private void Write(BucketRow row)
    {
        var counts = row.Counts;
        var first = counts.IndexOfAnyExcept(0);
        if (first < 0)
        {
            plain.Varint(0);
            return;
        }

        counts = counts[first..(counts.LastIndexOfAnyExcept(0) + 1)];
        plain.Varint((ulong)counts.Length);
        plain.Zigzag(row.First + first);
        foreach (var count in counts)
        {
            plain.Varint((ulong)count);
        }
    }

    private static HistogramForm FormOf(HistogramCell cell) =>
        (cell.Stale ? HistogramForm.Stale : 0)
        | (cell.Increase.Sum is null ? 0 : HistogramForm.Sum)
        | (double.IsNaN(cell.Min) || double.IsNaN(cell.Max) ? 0 : cell.Min > cell.Max ? HistogramForm.NoValues : HistogramForm.Range)
        | (!cell.HasTotals ? 0 : cell.Totals.Sum is null ? HistogramForm.Totals : HistogramForm.Totals | HistogramForm.TotalsSum);
}
