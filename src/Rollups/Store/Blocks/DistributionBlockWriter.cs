using System.IO.Compression;
using Kpi.Rollups.Cells;

namespace Kpi.Rollups.Store.Blocks;

/// <summary>Writes distribution cells as columns under Brotli; layout in <c>docs/formats/blocks.md</c>. Reused; one thread.</summary>
internal sealed class DistributionBlockWriter
{
    // The fastest: neighbouring cells repeat, and that it finds as well as the slow ones.
    private const int Quality = 1;
    private const int WindowBits = 18;

    private readonly CellPlaces places = new();
    private readonly ByteSink plain = new();
    private byte[] packed = [];

    /// <summary>
    /// Writes cells in order of series, then time. False, and nothing is written, when they take more than
    /// <see cref="BlockFormat.MostPlainBytes"/>: the caller cuts them into two.
    /// </summary>
    public bool TryWrite(ByteSink sink, ReadOnlySpan<PlacedDistribution> cells, int span)
    {
        plain.Clear();
        WriteTotals(cells);
        WriteBuckets(cells);
        if (plain.Written.Length > BlockFormat.MostPlainBytes && cells.Length > 1)
        {
            return false;
        }

        sink.Byte(BlockFormat.Version);
        places.Set(cells, c => c.Place);
        places.Write(sink, span, seriesFirst: true);
        var most = BrotliEncoder.GetMaxCompressedLength(plain.Written.Length);
        packed = packed.Length < most ? new byte[most] : packed;
        if (!BrotliEncoder.TryCompress(plain.Written, packed, out var length, Quality, WindowBits))
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

    private void WriteTotals(ReadOnlySpan<PlacedDistribution> cells)
    {
        foreach (ref readonly var c in cells)
        {
            plain.Varint((ulong)c.EdgeSet);
        }

        foreach (ref readonly var c in cells)
        {
            plain.Varint((ulong)c.Cell.Valueless);
            plain.Varint((ulong)c.Cell.Zeros);
            plain.Zigzag(c.Cell.Count - c.Cell.Observed);
            plain.LongVarint(c.Cell.SquaredWeights - (UInt128)c.Cell.Count);
        }

        foreach (ref readonly var c in cells)
        {
            plain.LongZigzag(c.Cell.Sum.Nanos);
        }

        foreach (ref readonly var c in cells)
        {
            foreach (var count in c.Cell.AtEdges)
            {
                plain.Varint((ulong)count);
            }
        }
    }

    // Values are durations mostly, whole nanoseconds in a double of seconds.
    private void WriteValue(double value)
    {
        var nanos = (ulong)Math.Clamp(Math.Round(value * 1e9), 0, 1L << 62);
        if (BitConverter.DoubleToInt64Bits(nanos / 1e9) == BitConverter.DoubleToInt64Bits(value))
        {
            plain.Varint(nanos << 1);
        }
        else
        {
            plain.Varint(1);
            plain.Double(value);
        }
    }

    private void WriteBuckets(ReadOnlySpan<PlacedDistribution> cells)
    {
        foreach (ref readonly var c in cells)
        {
            plain.Varint((ulong)(c.Cell.Buckets.Length - c.Cell.Buckets.Count(0u)));
        }

        foreach (ref readonly var c in cells)
        {
            WriteIndexes(c.Cell);
        }

        foreach (ref readonly var c in cells)
        {
            if (c.Cell.Count > c.Cell.Valueless)
            {
                WriteValue(c.Cell.Min);
                WriteValue(c.Cell.Max);
            }
        }

        foreach (ref readonly var c in cells)
        {
            foreach (var count in c.Cell.Buckets)
            {
                if (count != 0)
                {
                    plain.Varint(count);
                }
            }
        }
    }

    private void WriteIndexes(DistributionCell cell)
    {
        var expected = 0;
        for (var i = 0; i < cell.Buckets.Length; i++)
        {
            if (cell.Buckets[i] != 0)
            {
                plain.Zigzag(cell.FirstBucket + i - expected);
                expected = cell.FirstBucket + i + 1;
            }
        }
    }
}
