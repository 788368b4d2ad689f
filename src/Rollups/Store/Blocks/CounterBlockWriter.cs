using Kpi.Rollups.Cells;

namespace Kpi.Rollups.Store.Blocks;

/// <summary>Writes counter cells as columns; layout in <c>docs/formats/blocks.md</c>. Reused from block to block; one thread.</summary>
internal sealed class CounterBlockWriter
{
    private const long NanosPerUnit = 1_000_000_000;

    private readonly CellPlaces places = new();
    private readonly Dictionary<int, long> totals = [];
    private long[] column = [];

    private delegate long ValueOf(in CounterCell cell);

    /// <summary>Writes at most <see cref="BlockFormat.MostCells"/> cells in order of time, then series.</summary>
    /// <param name="span">Times are below it: 1 in a block, a period's cells in a tile.</param>
    /// <param name="keyNumber">The number of the row whose totals foretell these; 0 for none.</param>
    /// <param name="key">Those totals.</param>
    public void Write(ByteSink sink, ReadOnlySpan<PlacedCounter> cells, int span, long keyNumber, RawKey key)
    {
        if (column.Length < cells.Length)
        {
            column = new long[Math.Max(cells.Length, 1_024)];
        }

        var scale = RawTotals.ScaleOf(cells);
        var keyed = keyNumber != 0 && scale == key.Scale;
        sink.Byte(BlockFormat.Version);
        sink.Varint(keyed ? (ulong)keyNumber : 0);
        places.Set(cells, c => c.Place);
        places.Write(sink, span, seriesFirst: false);
        WriteIncreases(sink, cells);
        Write(sink, cells, (in c) => c.Samples);
        Write(sink, cells, (in c) => c.FirstOffset);
        Write(sink, cells, (in c) => unchecked(c.LastOffset - c.FirstOffset));
        Write(sink, cells, (in c) => c.Stale ? 1 : 0);
        WriteTotals(sink, cells, scale, keyed ? key : RawKey.None);
    }

    /// <summary>The totals of a block just written, by which later ones may be foretold.</summary>
    public static RawKey KeyOf(ReadOnlySpan<PlacedCounter> cells)
    {
        var scale = RawTotals.ScaleOf(cells);
        var known = new Dictionary<int, long>(cells.Length);
        foreach (ref readonly var placed in cells)
        {
            if (RawTotals.Has(placed.Cell.LastRaw))
            {
                known[placed.Place.Series] = RawTotals.ToNumber(placed.Cell.LastRaw, scale);
            }
        }

        return new RawKey(scale, known);
    }

    private void WriteIncreases(ByteSink sink, ReadOnlySpan<PlacedCounter> cells)
    {
        var form = IncreaseFormOf(cells);
        sink.Byte((byte)form);
        if (form == IncreaseForm.Wide)
        {
            Write(sink, cells, (in c) => (long)(c.Increase.Nanos >> 64));
        }

        Write(sink, cells, (in c) => form == IncreaseForm.Whole ? (long)(c.Increase.Nanos / NanosPerUnit) : unchecked((long)c.Increase.Nanos));
    }

    private static IncreaseForm IncreaseFormOf(ReadOnlySpan<PlacedCounter> cells)
    {
        var form = IncreaseForm.Whole;
        foreach (ref readonly var placed in cells)
        {
            var nanos = placed.Cell.Increase.Nanos;
            if (nanos > long.MaxValue || nanos < long.MinValue)
            {
                return IncreaseForm.Wide;
            }

            form = (long)nanos % NanosPerUnit == 0 ? form : IncreaseForm.Nanos;
        }

        return form;
    }

    private void WriteTotals(ByteSink sink, ReadOnlySpan<PlacedCounter> cells, RawScale scale, RawKey key)
    {
        sink.Byte((byte)scale);
        Write(sink, cells, (in c) => RawTotals.Has(c.LastRaw) ? 1 : 0);
        totals.Clear();
        var count = 0;
        foreach (ref readonly var placed in cells)
        {
            ref readonly var place = ref placed.Place;
            ref readonly var cell = ref placed.Cell;
            if (RawTotals.Has(cell.LastRaw))
            {
                var before = totals.TryGetValue(place.Series, out var last) ? last : key.Totals.GetValueOrDefault(place.Series);
                var number = RawTotals.ToNumber(cell.LastRaw, scale);
                column[count++] = unchecked(number - before - RawTotals.StepOf(cell.Increase, scale));
                totals[place.Series] = number;
            }
        }

        Column.Write(sink, column.AsSpan(0, count));
    }

    private void Write(ByteSink sink, ReadOnlySpan<PlacedCounter> cells, ValueOf valueOf)
    {
        for (var i = 0; i < cells.Length; i++)
        {
            column[i] = valueOf(in cells[i].Cell);
        }

        Column.Write(sink, column.AsSpan(0, cells.Length));
    }
}

/// <summary>How a block writes increases.</summary>
internal enum IncreaseForm
{
    /// <summary>In whole units.</summary>
    Whole = 0,

    /// <summary>In units of 10⁻⁹, up to 64 bits.</summary>
    Nanos = 1,

    /// <summary>In units of 10⁻⁹, the upper 64 bits first.</summary>
    Wide = 2,
}
