using Kpi.Rollups.Cells;

namespace Kpi.Rollups.Store.Blocks;

/// <summary>Reads blocks of counter cells. Reused from block to block; one thread.</summary>
internal sealed class CounterBlockReader
{
    private const long NanosPerUnit = 1_000_000_000;

    private IncreaseForm form;
    private long[] column = [];
    private long[] upper = [];
    private long[] lower = [];
    private long[] samples = [];
    private long[] first = [];
    private long[] length = [];
    private long[] stale = [];
    private double[] raws = [];
    private long[] last = [];

    /// <summary>Places of the cells of the block last read.</summary>
    public CellPlaces Places { get; } = new();

    /// <summary>A cell of the block last read whole, in the order of <see cref="Places"/>.</summary>
    public CounterCell this[int at] => new(
        Increase(at), samples[at], first[at], unchecked(first[at] + length[at]), raws[at], stale[at] != 0);

    /// <summary>Reads a block whole.</summary>
    /// <param name="keys">Gives the totals of another row by its number.</param>
    public void Read(ReadOnlySpan<byte> body, Func<long, RawKey> keys)
    {
        var source = new ByteSource(body);
        var key = ReadHead(ref source);
        ReadIncreases(ref source);
        Next(ref source, samples);
        Next(ref source, first);
        Next(ref source, length);
        Next(ref source, stale);
        if (Of(samples).IndexOfAnyInRange(long.MinValue, -1) >= 0 || Of(stale).IndexOfAnyExceptInRange(0, 1) >= 0)
        {
            throw new InvalidDataException("less than no samples, or a stale mark beside 0 and 1");
        }

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
            placed[i] = new PlacedCounter(new CellPlace(reader.Places.Series[reader.Places.Ranks[i]], 0), reader[i]);
        }

        return CounterBlockWriter.KeyOf(placed);
    }

    /// <summary>Reads a block's places and increases alone, when it has a cell for every series and time.</summary>
    /// <param name="nanosPerUnit">What the increases are in.</param>
    /// <returns>The increases in the order of the places; empty when there are gaps or increases of more than 64 bits.</returns>
    public ReadOnlySpan<long> ReadIncreasesAlone(ReadOnlySpan<byte> body, out long nanosPerUnit)
    {
        var source = new ByteSource(body);
        ReadHead(ref source);
        nanosPerUnit = 1;
        if (!Places.IsFull)
        {
            return [];
        }

        ReadIncreases(ref source);
        nanosPerUnit = form == IncreaseForm.Whole ? NanosPerUnit : 1;
        return form == IncreaseForm.Wide ? [] : Of(lower);
    }

    private FixedSum Increase(int at) => new(form switch
    {
        IncreaseForm.Whole => (Int128)lower[at] * NanosPerUnit,
        IncreaseForm.Nanos => lower[at],
        _ => new Int128((ulong)upper[at], (ulong)lower[at]),
    });

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
            (column, upper, lower, samples) = (Make(), Make(), Make(), Make());
            (first, length, stale, raws) = (Make(), Make(), Make(), new double[Places.Count]);
        }

        return key;

        long[] Make() => new long[Places.Count];
    }

    private ReadOnlySpan<long> Of(long[] values) => values.AsSpan(0, Places.Count);

    private void Next(scoped ref ByteSource source, long[] values) => Column.Read(ref source, values.AsSpan(0, Places.Count));

    private void ReadIncreases(ref ByteSource source)
    {
        form = (IncreaseForm)source.Byte();
        if (form > IncreaseForm.Wide)
        {
            throw new InvalidDataException($"increases of form {form}");
        }

        if (form == IncreaseForm.Wide)
        {
            Next(ref source, upper);
        }

        Next(ref source, lower);
    }

    private void ReadTotals(ref ByteSource source, RawKey key)
    {
        var scale = (RawScale)source.Byte();
        if (scale > RawScale.Bits || (key != RawKey.None && key.Scale != scale))
        {
            throw new InvalidDataException($"totals of scale {scale}");
        }

        Next(ref source, column);
        if (Of(column).IndexOfAnyExceptInRange(0, 1) >= 0)
        {
            throw new InvalidDataException("a cell has one total or none");
        }

        var count = 0;
        for (var i = 0; i < Places.Count; i++)
        {
            raws[i] = column[i] == 0 ? double.NaN : 0;
            count += (int)column[i];
        }

        StartTotals(key);
        var rest = column.AsSpan(0, count);
        Column.Read(ref source, rest);
        var ranks = Places.Ranks;
        for (int i = 0, at = 0; i < ranks.Length; i++)
        {
            if (!double.IsNaN(raws[i]))
            {
                ref var total = ref last[ranks[i]];
                total = unchecked(total + rest[at++] + RawTotals.StepOf(Increase(i), scale));
                raws[i] = RawTotals.ToTotal(total, scale);
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

        last.AsSpan(0, series.Length).Clear();
        if (key.Totals.Count > 0)
        {
            for (var i = 0; i < series.Length; i++)
            {
                last[i] = key.Totals.GetValueOrDefault(series[i]);
            }
        }
    }
}
