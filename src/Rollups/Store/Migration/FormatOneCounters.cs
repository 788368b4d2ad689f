using Kpi.Rollups.Cells;
using Kpi.Rollups.Store.Blocks;

namespace Kpi.Rollups.Store.Migration;

/// <summary>A counter cell with the number that a block uses for its series.</summary>
internal readonly record struct NumberedCounter(long Series, CounterCell Cell);

/// <summary>Reads blocks of counter cells of format 1: <c>docs/formats/blocks.md</c>, at the end.</summary>
internal static class FormatOneCounters
{
    private const byte Version = 1;
    private const int MostCells = 4_096;

    /// <summary>Reads the head of a block: how many cells follow.</summary>
    public static int ReadHead(ref ByteSource source)
    {
        var version = source.Byte();
        return version == Version
            ? source.Bounded(MostCells)
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
