using System.IO.Compression;
using Kpi.Rollups.Cells;

namespace Kpi.Rollups.Store.Blocks;

/// <summary>Writes distribution cells as columns under Brotli; layout in <c>docs/formats/blocks.md</c>. Reused; one thread.</summary>
internal sealed class DistributionBlockWriter
{
    // What repeats is left out before. A slower one saves a tenth of what little is left of a tile whose cells repeat, and costs too much
    // where they do not.
    private const int Quality = 1;
    private const int SmallTileQuality = 5;
    private const int SmallTileBytes = 32 << 10;
    private const int WindowBits = 18;

    // With one or two events all values are told by the sum and one extreme; on top of another cell they would not be.
    private const int LeastBucketsOnTop = 3;

    private readonly CellPlaces places = new();
    private readonly ByteSink plain = new();
    private readonly ByteSink[] columns = [.. Enum.GetValues<DistributionColumn>().Select(_ => new ByteSink())];
    private readonly BucketChanges whole = new();
    private readonly BucketChanges onTop = new();
    private int anchor;
    private byte[] packed = [];

    /// <summary>
    /// Writes cells in order of series, then time. False, and nothing is written, when they take more than
    /// <see cref="BlockFormat.MostPlainBytes"/>: the caller cuts them into two.
    /// </summary>
    public bool TryWrite(ByteSink sink, ReadOnlySpan<PlacedDistribution> cells, int span)
    {
        WriteColumns(cells);
        if (plain.Written.Length > BlockFormat.MostPlainBytes && cells.Length > 1)
        {
            return false;
        }

        sink.Byte(BlockFormat.DistributionVersion);
        places.Set(cells, c => c.Place);
        places.Write(sink, span, seriesFirst: true);
        var most = BrotliEncoder.GetMaxCompressedLength(plain.Written.Length);
        packed = packed.Length < most ? new byte[most] : packed;
        var quality = span > 1 && plain.Written.Length <= SmallTileBytes ? SmallTileQuality : Quality;
        if (!BrotliEncoder.TryCompress(plain.Written, packed, out var length, quality, WindowBits))
        {
            throw new InvalidOperationException("Brotli needs more room than it asked for");
        }

        sink.Varint((ulong)plain.Written.Length);
        sink.Bytes(packed.AsSpan(0, length));
        return true;
    }

    /// <summary>Bodies that hold these cells; more than one only when they are very many or very large.</summary>
    public IReadOnlyList<byte[]> Cut(ByteSink sink, ReadOnlySpan<PlacedDistribution> cells, int span)
    {
        sink.Clear();
        if (cells.Length <= BlockFormat.MostCells && TryWrite(sink, cells, span))
        {
            return [sink.Written.ToArray()];
        }

        return [.. Cut(sink, cells[..(cells.Length / 2)], span), .. Cut(sink, cells[(cells.Length / 2)..], span)];
    }

    private void WriteColumns(ReadOnlySpan<PlacedDistribution> cells)
    {
        Array.ForEach(columns, c => c.Clear());
        anchor = 0;
        for (var i = 0; i < cells.Length; i++)
        {
            ref readonly var now = ref cells[i];
            var isNext = i > 0 && cells[i - 1].Place.Series == now.Place.Series && cells[i - 1].EdgeSet == now.EdgeSet;
            To(DistributionColumn.EdgeSets).Varint((ulong)now.EdgeSet);
            WriteCell(now.Cell, isNext ? cells[i - 1].Cell : null);
        }

        plain.Clear();
        foreach (var column in columns)
        {
            plain.Varint((ulong)column.Written.Length);
            plain.Bytes(column.Written);
        }
    }

    private ByteSink To(DistributionColumn column) => columns[(int)column];

    private void WriteCell(DistributionCell cell, DistributionCell? before)
    {
        var totals = To(DistributionColumn.Totals);
        totals.Varint((ulong)cell.Valueless);
        totals.Varint((ulong)cell.Zeros);
        totals.Zigzag(cell.Count - cell.Observed);
        totals.LongVarint(cell.SquaredWeights - (UInt128)cell.Count);

        whole.Find(null, cell);
        var below = before is not null && whole.Count >= LeastBucketsOnTop && onTop.Find(before, cell).Bits < whole.Bits ? before : null;
        var changes = below is null ? whole : onTop;
        WriteBuckets(changes, below is not null);
        WriteSums(cell, below, changes);
        WriteExtremes(cell, below);
        anchor = whole.Count > 0 ? whole.Lowest : anchor;
    }

    private void WriteBuckets(BucketChanges changes, bool isOnTop)
    {
        To(DistributionColumn.Heads).Varint(((ulong)changes.Count << 1) | (isOnTop ? 1u : 0));
        var (indexes, counts) = (To(DistributionColumn.Places), To(DistributionColumn.Counts));
        var expected = anchor;
        foreach (ref readonly var change in changes.All)
        {
            indexes.Zigzag(change.Index - expected);
            expected = change.Index + 1;
            if (isOnTop)
            {
                counts.Zigzag(change.Difference);
            }
            else
            {
                counts.Varint(change.Now);
            }
        }
    }

    private void WriteSums(DistributionCell cell, DistributionCell? below, BucketChanges changes)
    {
        Span<long> atEdges = stackalloc long[EdgeSet.MostEdges];
        atEdges = atEdges[..cell.AtEdges.Length];
        atEdges.Clear();
        below?.AtEdges.CopyTo(atEdges);
        var forecast = new DistributionForecast(cell.Edges, below?.Sum.Nanos ?? 0, atEdges);
        forecast.Zeros(cell.Zeros - (below?.Zeros ?? 0));
        foreach (ref readonly var change in changes.All)
        {
            forecast.Bucket(change.Index, change.Difference);
        }

        To(DistributionColumn.Sums).LongZigzag(unchecked(cell.Sum.Nanos - forecast.Sum));
        for (var i = 0; i < atEdges.Length; i++)
        {
            To(DistributionColumn.AtEdges).Zigzag(unchecked(cell.AtEdges[i] - atEdges[i]));
        }
    }

    private void WriteExtremes(DistributionCell cell, DistributionCell? below)
    {
        if (cell.Count > cell.Valueless)
        {
            var inBuckets = cell.Count - cell.Valueless - cell.Zeros;
            WriteValue(cell.Min, below?.Min ?? DistributionForecast.Smallest(cell, inBuckets, whole.Lowest));
            WriteValue(cell.Max, below?.Max ?? DistributionForecast.Largest(cell, inBuckets, whole.Highest));
        }
    }

    // Values are durations mostly, whole nanoseconds in a double of seconds.
    private void WriteValue(double value, double foretold)
    {
        var sink = To(DistributionColumn.Extremes);
        var nanos = BucketNanos.Near(value);
        if (BitConverter.DoubleToInt64Bits(value) == BitConverter.DoubleToInt64Bits(foretold))
        {
            sink.Byte(0);
        }
        else if (BitConverter.DoubleToInt64Bits(nanos / 1e9) == BitConverter.DoubleToInt64Bits(value) && nanos != BucketNanos.Near(foretold))
        {
            sink.Varint(ByteSink.ToZigzag(nanos - BucketNanos.Near(foretold)) << 1);
        }
        else
        {
            sink.Varint(1);
            sink.Double(value);
        }
    }
}
