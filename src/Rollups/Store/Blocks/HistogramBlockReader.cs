using Kpi.Rollups.Cells;

namespace Kpi.Rollups.Store.Blocks;

/// <summary>Reads what <see cref="HistogramBlockWriter"/> wrote. Reused; one thread.</summary>
internal sealed class HistogramBlockReader
{
    private readonly PackedBytes packed = new();
    private readonly List<HistogramLayout> layouts = [];
    private HistogramCell[] cells = [];

    /// <summary>Places of the cells read.</summary>
    public CellPlaces Places { get; } = new();

    /// <summary>Reads a block; its cells are valid until the next one.</summary>
    /// <exception cref="InvalidDataException">The block is damaged.</exception>
    public ReadOnlySpan<HistogramCell> Read(ReadOnlySpan<byte> body)
    {
        var source = new ByteSource(body);
        var version = source.Byte();
        if (version != BlockFormat.Version)
        {
            throw new InvalidDataException($"a block of version {version}");
        }

        Places.Read(ref source, seriesFirst: true);
        var plain = new ByteSource(packed.Read(ref source));
        ReadLayouts(ref plain);
        if (layouts.Count == 0 && Places.Count > 0)
        {
            throw new InvalidDataException("histograms without buckets");
        }

        var read = Room(Places.Count);
        ReadHeads(ref plain, read);
        foreach (var cell in read)
        {
            Read(ref plain, cell.Increase);
            if (cell.HasTotals)
            {
                Read(ref plain, cell.Totals);
            }
        }

        plain.ExpectEnd();
        return read;
    }

    private Span<HistogramCell> Room(int count)
    {
        var had = cells.Length;
        if (had < count)
        {
            Array.Resize(ref cells, count);
            for (var i = had; i < count; i++)
            {
                cells[i] = new HistogramCell();
            }
        }

        return cells.AsSpan(0, count);
    }

    private void ReadLayouts(ref ByteSource plain)
    {
        layouts.Clear();
        var count = plain.Bounded(BlockFormat.MostCells);
        for (var i = 0; i < count; i++)
        {
            var buckets = plain.Bounded(HistogramLayout.MostBounds + 1);
            layouts.Add(buckets == 0 ? ReadExponential(ref plain) : ReadBounds(ref plain, buckets - 1));
        }
    }

    private static HistogramLayout ReadExponential(ref ByteSource plain)
    {
        var (scale, threshold) = (plain.Zigzag(), plain.Double());
        return scale is >= HistogramLayout.LeastScale and <= HistogramLayout.MostScale && double.IsFinite(threshold) && threshold >= 0
            ? HistogramLayout.Of((int)scale, threshold)
            : throw new InvalidDataException($"a scale {scale} of threshold {threshold}");
    }

    private static HistogramLayout ReadBounds(ref ByteSource plain, int count)
    {
        var bounds = new double[count];
        foreach (ref var bound in bounds.AsSpan())
        {
            bound = plain.Double();
        }

        return HistogramLayout.AreBounds(bounds) ? HistogramLayout.Of(bounds) : throw new InvalidDataException("bounds that do not ascend");
    }

    private void ReadHeads(ref ByteSource plain, ReadOnlySpan<HistogramCell> into)
    {
        var forms = new HistogramForm[into.Length];
        for (var i = 0; i < into.Length; i++)
        {
            var layout = plain.Bounded(layouts.Count - 1);
            forms[i] = (HistogramForm)plain.Byte();
            into[i].Reset(layouts[layout]);
            into[i].Totals.Reset(layouts[layout]);
            into[i].Samples = plain.Count();
            into[i].Stale = (forms[i] & HistogramForm.Stale) != 0;
            into[i].HasTotals = (forms[i] & HistogramForm.Totals) != 0;
        }

        foreach (var cell in into)
        {
            cell.LastOffset = plain.Count();
            if (cell.HasTotals)
            {
                (cell.TotalsStart, cell.TotalsOffset) = (plain.Count(), plain.Count());
            }
        }

        for (var i = 0; i < into.Length; i++)
        {
            into[i].Increase.Sum = (forms[i] & HistogramForm.Sum) != 0 ? new FixedSum(plain.LongZigzag()) : null;
            into[i].Totals.Sum = (forms[i] & HistogramForm.TotalsSum) != 0 ? new FixedSum(plain.LongZigzag()) : null;
            (into[i].Min, into[i].Max) = (forms[i] & HistogramForm.Range) != 0 ? (plain.Double(), plain.Double())
                : (forms[i] & HistogramForm.NoValues) != 0 ? (double.PositiveInfinity, double.NegativeInfinity)
                : (double.NaN, double.NaN);
        }
    }

    private static void Read(ref ByteSource plain, HistogramCounts counts)
    {
        var outside = plain.Count();
        if (counts.Layout.Scale is null)
        {
            Read(ref plain, counts.Positive, first: 0, counts.Layout.BucketCount);
        }
        else
        {
            counts.Zeros = plain.Count();
            ReadRow(ref plain, counts.Layout, counts.Positive);
            ReadRow(ref plain, counts.Layout, counts.Negative);
        }

        counts.Count = BucketRow.Sum(outside, counts.InBuckets);
    }

    private static void ReadRow(ref ByteSource plain, HistogramLayout layout, BucketRow row)
    {
        var length = plain.Bounded(plain.Left);
        if (length == 0)
        {
            return;
        }

        var first = plain.Zigzag();
        if (first < layout.LowestIndex || first > layout.HighestIndex - length + 1)
        {
            throw new InvalidDataException($"{length} buckets from {first} on");
        }

        Read(ref plain, row, (int)first, length);
    }

    private static void Read(ref ByteSource plain, BucketRow row, int first, int length)
    {
        Span<long> count = stackalloc long[1];
        for (var i = 0; i < length; i++)
        {
            count[0] = plain.Count();
            row.Add(first + i, count);
        }
    }
}
