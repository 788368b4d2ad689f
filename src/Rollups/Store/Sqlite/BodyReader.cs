using Kpi.Rollups.Identity;
using Kpi.Rollups.Store.Blocks;
using Microsoft.Data.Sqlite;

namespace Kpi.Rollups.Store.Sqlite;

/// <summary>Takes the bodies of blocks and tiles apart; one thread.</summary>
internal sealed class BodyReader
{
    // Keys that several blocks refer to: a shard's of the newest minutes.
    private const int MostKeys = 512;

    private readonly SqliteConnection connection;
    private readonly CounterBlockReader counters = new();
    private readonly DistributionBlockReader distributions;
    private readonly GaugeBlockReader gauges = new();
    private readonly HistogramBlockReader histograms = new();
    private readonly Dictionary<long, RawKey> keys = [];
    private bool[] wanted = [];

    public BodyReader(SqliteConnection connection, SqliteNames names)
    {
        this.connection = connection;
        distributions = new DistributionBlockReader(number => names.EdgeSet(connection, number));
    }

    /// <summary>Shows the cells of a body that lie in the area and are wanted.</summary>
    /// <param name="firstCell">The cell at which the body's times begin.</param>
    public void Show(SeriesKind kind, ReadOnlySpan<byte> body, int firstCell, CellArea area, IStoredCells into)
    {
        switch (kind)
        {
            case SeriesKind.Distribution:
                ShowDistributions(body, firstCell, area, into);
                break;
            case SeriesKind.Gauge:
                ShowGauges(body, firstCell, area, into);
                break;
            case SeriesKind.Histogram:
                ShowHistograms(body, firstCell, area, into);
                break;
            default:
                ShowCounters(body, firstCell, area, into);
                break;
        }
    }

    private void ShowCounters(ReadOnlySpan<byte> body, int firstCell, CellArea area, IStoredCells into)
    {
        if (into is IStoredIncreases increases && TryShowIncreases(body, firstCell, area, increases))
        {
            return;
        }

        counters.Read(body, Key);
        var places = counters.Places;
        if (!AskFor(SeriesKind.Counter, places, area, into).Any)
        {
            return;
        }

        var ranks = places.Ranks;
        var times = places.Times;
        var series = places.Series;
        for (var i = 0; i < ranks.Length; i++)
        {
            var cell = firstCell + times[i];
            if (wanted[ranks[i]] && cell >= area.First && cell <= area.Last)
            {
                into.Take(area.Length, cell, series[ranks[i]], counters[i]);
            }
        }
    }

    private bool TryShowIncreases(ReadOnlySpan<byte> body, int firstCell, CellArea area, IStoredIncreases into)
    {
        var increases = counters.ReadIncreasesAlone(body, out var nanosPerUnit);
        var places = counters.Places;
        if (increases.IsEmpty || !AskFor(SeriesKind.Counter, places, area, into).All)
        {
            return false;
        }

        var from = Math.Max(firstCell, area.First);
        var to = Math.Min(firstCell + (increases.Length / places.SeriesCount) - 1, area.Last);
        if (from <= to)
        {
            var inArea = increases.Slice((from - firstCell) * places.SeriesCount, (to - from + 1) * places.SeriesCount);
            into.Take(area.Length, from, places.Series, inArea, nanosPerUnit);
        }

        return true;
    }

    private void ShowDistributions(ReadOnlySpan<byte> body, int firstCell, CellArea area, IStoredCells into)
    {
        distributions.Open(body);
        var places = distributions.Places;
        AskFor(SeriesKind.Distribution, places, area, into);
        for (var i = 0; i < places.Count; i++)
        {
            var cell = firstCell + places.Times[i];
            var edgeSet = distributions.ReadNext();
            if (wanted[places.Ranks[i]] && cell >= area.First && cell <= area.Last)
            {
                into.Take(area.Length, cell, places.Series[places.Ranks[i]], edgeSet, distributions.Cell);
            }
        }
    }

    private void ShowGauges(ReadOnlySpan<byte> body, int firstCell, CellArea area, IStoredCells into)
    {
        var cells = gauges.Read(body);
        var places = gauges.Places;
        AskFor(SeriesKind.Gauge, places, area, into);
        for (var i = 0; i < cells.Length; i++)
        {
            if (IsShown(places, i, firstCell, area))
            {
                into.Take(area.Length, firstCell + places.Times[i], places.Series[places.Ranks[i]], in cells[i]);
            }
        }
    }

    private void ShowHistograms(ReadOnlySpan<byte> body, int firstCell, CellArea area, IStoredCells into)
    {
        var cells = histograms.Read(body);
        var places = histograms.Places;
        AskFor(SeriesKind.Histogram, places, area, into);
        for (var i = 0; i < cells.Length; i++)
        {
            if (IsShown(places, i, firstCell, area))
            {
                into.Take(area.Length, firstCell + places.Times[i], places.Series[places.Ranks[i]], cells[i]);
            }
        }
    }

    private bool IsShown(CellPlaces places, int at, int firstCell, CellArea area) =>
        wanted[places.Ranks[at]] && firstCell + places.Times[at] is var cell && cell >= area.First && cell <= area.Last;

    private (bool Any, bool All) AskFor(SeriesKind kind, CellPlaces places, CellArea area, IStoredCells into)
    {
        wanted = wanted.Length < places.SeriesCount ? new bool[places.SeriesCount] : wanted;
        var (any, all) = (false, true);
        for (var i = 0; i < places.SeriesCount; i++)
        {
            wanted[i] = area.Only?.Has(kind, places.Series[i]) != false && into.Wants(kind, places.Series[i]);
            any |= wanted[i];
            all &= wanted[i];
        }

        return (any, all);
    }

    private RawKey Key(long number)
    {
        if (keys.TryGetValue(number, out var known))
        {
            return known;
        }

        using var command = connection.Command("SELECT body FROM block WHERE number = $number", ("$number", number));
        using var row = command.ExecuteReader();
        if (!row.Read())
        {
            throw new InvalidDataException($"a block builds on block {number}, which is not there");
        }

        if (keys.Count >= MostKeys)
        {
            keys.Clear();
        }

        return keys[number] = CounterBlockReader.ReadKey(row.Blob(0));
    }
}
