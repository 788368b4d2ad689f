using Kpi.Rollups.Cells;

namespace Kpi.Rollups.Store.Blocks;

/// <summary>A counter cell with the number that a block uses for its series.</summary>
internal readonly record struct NumberedCounter(long Series, CounterCell Cell);

/// <summary>The layout of a block of counter cells of one slice: <c>docs/formats/blocks.md</c>.</summary>
internal static class CounterBlock
{
    /// <summary>Writes cells; ascending by series they take the least room.</summary>
    public static void Write(ByteSink sink, ReadOnlySpan<NumberedCounter> cells)
    {
        sink.Byte(BlockFormat.Version);
        sink.Varint((ulong)cells.Length);
        long previous = 0;
        foreach (var (series, cell) in cells)
        {
            sink.Zigzag(series - previous);
            previous = series;
            sink.Int128(cell.Increase.Nanos);
            sink.Varint((ulong)cell.Samples);
            sink.Varint((ulong)cell.FirstOffset);
            sink.Varint((ulong)cell.LastOffset);
            sink.Double(cell.LastRaw);
            sink.Byte(cell.Stale ? (byte)1 : (byte)0);
        }
    }

    /// <summary>Reads the head of a block: how many cells follow.</summary>
    public static int ReadHead(ref ByteSource source)
    {
        var version = source.Byte();
        return version == BlockFormat.Version
            ? source.Bounded(BlockFormat.MostCounters)
            : throw new InvalidDataException($"a block of version {version}");
    }

    /// <summary>Reads the next cell of a block.</summary>
    /// <param name="previous">The series before it, 0 at the first.</param>
    public static NumberedCounter ReadNext(ref ByteSource source, long previous)
    {
        var series = previous + source.Zigzag();
        var increase = new FixedSum(source.Int128());
        return new NumberedCounter(series, new CounterCell(
            increase, source.Count(), source.Count(), source.Count(), source.Double(), source.Bounded(1) != 0));
    }
}
