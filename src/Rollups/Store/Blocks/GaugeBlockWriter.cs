using Kpi.Rollups.Cells;

namespace Kpi.Rollups.Store.Blocks;

/// <summary>How a gauge cell is written. The numbers are stored.</summary>
[Flags]
internal enum GaugeForm : byte
{
    /// <summary>Several values.</summary>
    Several = 0,

    /// <summary>The mark that the series ends.</summary>
    Stale = 1,

    /// <summary>One value, which is the last, the smallest, the largest and the sum.</summary>
    One = 2,

    /// <summary>No value other than NaN.</summary>
    None = 4,
}

/// <summary>Writes gauge cells as columns under Brotli; layout in <c>docs/formats/blocks.md</c>. Reused; one thread.</summary>
internal sealed class GaugeBlockWriter
{
    private readonly CellPlaces places = new();
    private readonly ByteSink plain = new();
    private readonly PackedBytes packed = new();

    /// <summary>Writes at most <see cref="BlockFormat.MostCells"/> cells in order of series, then time.</summary>
    /// <param name="span">Times are below it.</param>
    public void Write(ByteSink sink, ReadOnlySpan<PlacedGauge> cells, int span)
    {
        plain.Clear();
        foreach (ref readonly var c in cells)
        {
            plain.Byte((byte)FormOf(in c));
        }

        foreach (ref readonly var c in cells)
        {
            plain.Varint((ulong)c.Cell.LastOffset);
        }

        // Neighbours share their leading bits.
        var before = 0UL;
        foreach (ref readonly var c in cells)
        {
            var bits = BitConverter.DoubleToUInt64Bits(c.Cell.Last);
            plain.Double(BitConverter.UInt64BitsToDouble(bits ^ before));
            before = bits;
        }

        foreach (ref readonly var c in cells)
        {
            if ((FormOf(in c) & (GaugeForm.One | GaugeForm.None)) == 0)
            {
                plain.Varint((ulong)c.Cell.Count);
                plain.LongZigzag(c.Cell.Sum.Nanos);
                plain.Double(c.Cell.Min);
                plain.Double(c.Cell.Max);
            }
        }

        sink.Byte(BlockFormat.Version);
        places.Set(cells, c => c.Place);
        places.Write(sink, span, seriesFirst: true);
        packed.Write(sink, plain.Written);
    }

    private static GaugeForm FormOf(in PlacedGauge placed)
    {
        var cell = placed.Cell;
        var form = cell.Count == 0 ? GaugeForm.None
            : cell == GaugeCell.Of(cell.Last, cell.LastOffset) with { Stale = cell.Stale } ? GaugeForm.One
            : GaugeForm.Several;
        return cell.Stale ? form | GaugeForm.Stale : form;
    }
}
