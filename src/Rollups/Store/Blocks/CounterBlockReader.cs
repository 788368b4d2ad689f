using Kpi.Rollups.Cells;

namespace Kpi.Rollups.Store.Blocks;

/// <summary>Reads blocks of counter cells. Reused from block to block; one thread.</summary>
internal sealed class CounterBlockReader
{
    private const long NanosPerUnit = 1_000_000_000;

    private CounterCell[] cells = [];
    private long[] column = [];
    private long[] last = [];

    /// <summary>Places of the cells of the block last read.</summary>
    public CellPlaces Places { get; } = new();

    /// <summary>The cells of the block last read, in the order of <see cref="Places"/>.</summary>
    public ReadOnlySpan<CounterCell> Cells => cells.AsSpan(0, Places.Count);

    /// <summary>Reads a block whole.</summary>
    /// <param name="keys">Gives the totals of another row by its number.</param>
    public void Read(ReadOnlySpan<byte> body, Func<long, RawKey> keys)
    {
        var source = new ByteSource(body);
        var key = ReadHead(ref source);
        if (cells.Length < Places.Count)
        {
            cells = new CounterCell[Places.Count];
        }

        cells.AsSpan(0, Places.Count).Clear();
        ReadIncreases(ref source);
        ReadCounts(ref source);
        ReadTotals(ref source, key == 0 ? RawKey.None : keys(key));
        source.ExpectEnd();
    }

    /// <summary>The totals of a block that later ones build on; itself it builds on none.</summary>
    public static RawKey ReadKey(ReadOnlySpan<byte> body)
    {
        var reader = new CounterBlockReader();
        reader.Read(body, number => throw new InvalidDataException($"a key that builds on block {number}"));
        var placed = new PlacedCounter[reader.Places.Count];
        for (var i = 0; i < placed.Length; i++)
        {
            placed[i] = new PlacedCounter(new CellPlace(reader.Places.Series[reader.Places.Ranks[i]], 0), reader.cells[i]);
        }

        return CounterBlockWriter.KeyOf(placed);
    }

    /// <summary>Reads a block's places and increases alone.</summary>
    /// <returns>The increases in whole units or, when <paramref name="whole"/> is false, in units of 10⁻⁹. Empty when some do not fit into 64 bits.</returns>
    public ReadOnlySpan<long> ReadIncreasesAlone(ReadOnlySpan<byte> body, out bool whole)
    {
        var source = new ByteSource(body);
        ReadHead(ref source);
        var form = ReadForm(ref source);
        whole = form == IncreaseForm.Whole;
        return form == IncreaseForm.Wide ? [] : Next(ref source);
    }

    private static IncreaseForm ReadForm(ref ByteSource source)
    {
        var form = (IncreaseForm)source.Byte();
        return form <= IncreaseForm.Wide ? form : throw new InvalidDataException($"increases of form {form}");
    }

    private long ReadHead(ref ByteSource source)
    {
        var version = source.Byte();
        if (version != BlockFormat.Version)
        {
            throw new InvalidDataException($"a block of version {version}");
        }

        var key = source.Count();
        Places.Read(ref source, seriesFirst: false);
        if (column.Length < Places.Count)
        {
            column = new long[Places.Count];
        }

        return key;
    }

    private ReadOnlySpan<long> Next(scoped ref ByteSource source)
    {
        Column.Read(ref source, column.AsSpan(0, Places.Count));
        return column.AsSpan(0, Places.Count);
    }

    private void ReadIncreases(ref ByteSource source)
    {
        var form = ReadForm(ref source);
        if (form == IncreaseForm.Wide)
        {
            var upper = Next(ref source);
            for (var i = 0; i < upper.Length; i++)
            {
                cells[i] = cells[i] with { Increase = new FixedSum((Int128)upper[i] << 64) };
            }
        }

        var lower = Next(ref source);
        for (var i = 0; i < lower.Length; i++)
        {
            Int128 nanos = form switch
            {
                IncreaseForm.Whole => (Int128)lower[i] * NanosPerUnit,
                IncreaseForm.Nanos => lower[i],
                _ => cells[i].Increase.Nanos | (ulong)lower[i],
            };
            cells[i] = cells[i] with { Increase = new FixedSum(nanos) };
        }
    }

    private void ReadCounts(ref ByteSource source)
    {
        var samples = Next(ref source);
        for (var i = 0; i < samples.Length; i++)
        {
            cells[i] = cells[i] with { Samples = samples[i] >= 0 ? samples[i] : throw new InvalidDataException($"{samples[i]} samples") };
        }

        var first = Next(ref source);
        for (var i = 0; i < first.Length; i++)
        {
            cells[i] = cells[i] with { FirstOffset = first[i] };
        }

        var length = Next(ref source);
        for (var i = 0; i < length.Length; i++)
        {
            cells[i] = cells[i] with { LastOffset = unchecked(cells[i].FirstOffset + length[i]) };
        }

        var stale = Next(ref source);
        for (var i = 0; i < stale.Length; i++)
        {
            cells[i] = cells[i] with { Stale = stale[i] is 0 or 1 ? stale[i] == 1 : throw new InvalidDataException($"a stale mark {stale[i]}") };
        }
    }

    private void ReadTotals(ref ByteSource source, RawKey key)
    {
        var scale = (RawScale)source.Byte();
        if (scale > RawScale.Bits || (key != RawKey.None && key.Scale != scale))
        {
            throw new InvalidDataException($"totals of scale {scale}");
        }

        var count = 0;
        var has = Next(ref source);
        for (var i = 0; i < has.Length; i++)
        {
            cells[i] = cells[i] with { LastRaw = has[i] == 0 ? double.NaN : 0 };
            count += has[i] is 0 or 1 ? (int)has[i] : throw new InvalidDataException($"{has[i]} totals of a cell");
        }

        StartTotals(key);
        var rest = column.AsSpan(0, count);
        Column.Read(ref source, rest);
        for (int i = 0, at = 0; i < Places.Count; i++)
        {
            if (!double.IsNaN(cells[i].LastRaw))
            {
                ref var total = ref last[Places.Ranks[i]];
                total = unchecked(total + rest[at++] + RawTotals.StepOf(cells[i].Increase, scale));
                cells[i] = cells[i] with { LastRaw = RawTotals.ToTotal(total, scale) };
            }
        }
    }

    private void StartTotals(RawKey key)
    {
        var series = Places.Series;
        if (last.Length < series.Length)
        {
            last = new long[series.Length];
        }

        for (var i = 0; i < series.Length; i++)
        {
            last[i] = key.Totals.GetValueOrDefault(series[i]);
        }
    }
}
