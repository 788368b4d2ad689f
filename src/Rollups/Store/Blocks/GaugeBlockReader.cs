using Kpi.Rollups.Cells;

namespace Kpi.Rollups.Store.Blocks;

/// <summary>Reads what <see cref="GaugeBlockWriter"/> wrote. Reused; one thread.</summary>
internal sealed class GaugeBlockReader
{
    private readonly PackedBytes packed = new();
    private GaugeCell[] cells = [];

    /// <summary>Places of the cells read.</summary>
    public CellPlaces Places { get; } = new();

    /// <summary>Reads a block; its cells are valid until the next one.</summary>
    /// <exception cref="InvalidDataException">The block is damaged.</exception>
    public ReadOnlySpan<GaugeCell> Read(ReadOnlySpan<byte> body)
    {
        var source = new ByteSource(body);
        var version = source.Byte();
        if (version != BlockFormat.Version)
        {
            throw new InvalidDataException($"a block of version {version}");
        }

        Places.Read(ref source, seriesFirst: true);
        var plain = new ByteSource(packed.Read(ref source));
        cells = cells.Length < Places.Count ? new GaugeCell[Places.Count] : cells;
        var read = cells.AsSpan(0, Places.Count);
        var forms = plain.Bytes(read.Length);
        ReadLast(ref plain, forms, read);
        for (var i = 0; i < read.Length; i++)
        {
            if (((GaugeForm)forms[i] & (GaugeForm.One | GaugeForm.None)) == 0)
            {
                var (count, sum, min, max) = (plain.Count(), new FixedSum(plain.LongZigzag()), plain.Double(), plain.Double());
                read[i] = read[i] with { Count = count, Sum = sum, Min = min, Max = max };
            }
        }

        plain.ExpectEnd();
        return read;
    }

    private static void ReadLast(ref ByteSource plain, ReadOnlySpan<byte> forms, Span<GaugeCell> into)
    {
        for (var i = 0; i < into.Length; i++)
        {
            into[i] = default(GaugeCell) with { LastOffset = plain.Count() };
        }

        var before = 0UL;
        for (var i = 0; i < into.Length; i++)
        {
            before ^= BitConverter.DoubleToUInt64Bits(plain.Double());
            var (form, last) = ((GaugeForm)forms[i], BitConverter.UInt64BitsToDouble(before));
            var cell = (form & GaugeForm.One) != 0
                ? GaugeCell.Of(last, into[i].LastOffset)
                : GaugeCell.Of(double.NaN, into[i].LastOffset) with { Last = last };
            into[i] = cell with { Stale = (form & GaugeForm.Stale) != 0 };
        }
    }
}
