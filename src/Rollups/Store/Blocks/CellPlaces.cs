namespace Kpi.Rollups.Store.Blocks;

/// <summary>
/// The places of a block's cells. A place is written as the difference to the one that follows in a full block, so that a block with
/// a cell for every series and time costs nothing per cell. Reused from block to block.
/// </summary>
internal sealed class CellPlaces
{
    private int[] series = [];
    private int[] ranks = [];
    private int[] times = [];
    private long[] scratch = [];
    private (int Cells, int Minors) full;

    /// <summary>How many cells.</summary>
    public int Count { get; private set; }

    /// <summary>The series that occur, ascending.</summary>
    public ReadOnlySpan<int> Series => series.AsSpan(0, SeriesCount);

    /// <summary>How many series occur.</summary>
    public int SeriesCount { get; private set; }

    /// <summary>Whether the block has one cell for each of its series at each time from 0 on, without gaps.</summary>
    public bool IsFull { get; private set; }

    /// <summary>For every cell the position of its series in <see cref="Series"/>.</summary>
    public ReadOnlySpan<int> Ranks => ranks.AsSpan(0, Count);

    /// <summary>For every cell its time.</summary>
    public ReadOnlySpan<int> Times => times.AsSpan(0, Count);

    /// <summary>Takes the places of cells that lie in order: by series and then time, or by time and then series.</summary>
    public void Set<T>(ReadOnlySpan<T> cells, Func<T, CellPlace> placeOf)
    {
        Count = cells.Length;
        Grow(Count);
        for (var i = 0; i < Count; i++)
        {
            (series[i], times[i]) = placeOf(cells[i]);
            ranks[i] = series[i];
        }

        series.AsSpan(0, Count).Sort();
        SeriesCount = 0;
        for (var i = 0; i < Count; i++)
        {
            if (i == 0 || series[i] != series[SeriesCount - 1])
            {
                series[SeriesCount++] = series[i];
            }
        }

        for (var i = 0; i < Count; i++)
        {
            ranks[i] = Series.BinarySearch(ranks[i]);
        }
    }

    /// <summary>Writes the places.</summary>
    /// <param name="span">Times are below it.</param>
    public void Write(ByteSink sink, int span, bool seriesFirst)
    {
        sink.Varint((ulong)Count);
        sink.Varint((ulong)span);
        sink.Varint((ulong)SeriesCount);
        if (Count == 0)
        {
            return;
        }

        sink.Varint((ulong)series[0]);
        for (var i = 1; i < SeriesCount; i++)
        {
            scratch[i] = series[i] - series[i - 1];
        }

        Column.Write(sink, scratch.AsSpan(1, SeriesCount - 1));
        WriteOrder(sink, seriesFirst ? Ranks : Times, seriesFirst ? Times : Ranks, seriesFirst ? span : SeriesCount);
    }

    /// <summary>Reads the places of a block.</summary>
    public void Read(ref ByteSource source, bool seriesFirst)
    {
        Count = source.Bounded(BlockFormat.MostCells);
        var span = source.Bounded(BlockFormat.MostCells);
        SeriesCount = source.Bounded(Count);
        IsFull = false;
        if (Count == 0)
        {
            return;
        }

        if (SeriesCount == 0 || span == 0)
        {
            throw new InvalidDataException($"{Count} cells of {SeriesCount} series over {span} times");
        }

        Grow(Count);
        series[0] = source.Bounded(int.MaxValue);
        Column.Read(ref source, scratch.AsSpan(1, SeriesCount - 1));
        for (var i = 1; i < SeriesCount; i++)
        {
            series[i] = scratch[i] > 0 && scratch[i] <= int.MaxValue - series[i - 1]
                ? series[i - 1] + (int)scratch[i]
                : throw new InvalidDataException($"series {series[i - 1]} and then {scratch[i]} more");
        }

        var (major, minor) = seriesFirst ? (ranks, times) : (times, ranks);
        ReadOrder(ref source, major, minor, seriesFirst ? SeriesCount : span, seriesFirst ? span : SeriesCount);
    }

    private void WriteOrder(ByteSink sink, ReadOnlySpan<int> major, ReadOnlySpan<int> minor, int minors)
    {
        for (var i = 0; i < Count; i++)
        {
            scratch[i] = (minor[i] - (i == 0 ? -1 : minor[i - 1]) - 1 + minors) % minors;
        }

        Column.Write(sink, scratch.AsSpan(0, Count));
        for (var i = 0; i < Count; i++)
        {
            scratch[i] = i == 0 ? major[0] : major[i] - major[i - 1] - (minor[i] <= minor[i - 1] ? 1 : 0);
        }

        Column.Write(sink, scratch.AsSpan(0, Count));
    }

    private void ReadOrder(ref ByteSource source, int[] major, int[] minor, int majors, int minors)
    {
        var start = source;
        IsFull = Column.TryReadZeros(ref source) && Column.TryReadZeros(ref source) && Count % minors == 0 && Count / minors <= majors;
        if (IsFull)
        {
            FillFull(major, minor, minors);
            return;
        }

        source = start;
        full = default;
        var rest = scratch.AsSpan(0, Count);
        Column.Read(ref source, rest);
        var before = -1;
        for (var i = 0; i < Count; i++)
        {
            if ((ulong)rest[i] >= (ulong)minors)
            {
                throw new InvalidDataException($"a step of {rest[i]} among {minors}");
            }

            var next = before + 1 + (int)rest[i];
            minor[i] = before = next >= minors ? next - minors : next;
        }

        Column.Read(ref source, rest);
        long at = 0;
        for (var i = 0; i < Count; i++)
        {
            at = unchecked(at + rest[i] + (i > 0 && minor[i] <= minor[i - 1] ? 1 : 0));
            major[i] = (ulong)at < (ulong)majors ? (int)at : throw new InvalidDataException($"a cell at {at} of {majors}");
        }
    }

    // The next block is mostly as full as this one: then the places are the same.
    private void FillFull(int[] major, int[] minor, int minors)
    {
        if (full == (Count, minors))
        {
            return;
        }

        for (int i = 0, outer = 0, inner = 0; i < Count; i++)
        {
            (major[i], minor[i]) = (outer, inner);
            inner++;
            if (inner == minors)
            {
                (outer, inner) = (outer + 1, 0);
            }
        }

        full = (Count, minors);
    }

    private void Grow(int cells)
    {
        if (ranks.Length < cells)
        {
            series = new int[cells];
            full = default;
            ranks = new int[cells];
            times = new int[cells];
            scratch = new long[cells];
        }
    }
}
