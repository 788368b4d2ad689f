using Kpi.Rollups.Cells;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Reading;
using Kpi.Rollups.Time;
using Microsoft.Data.Sqlite;

namespace Kpi.Rollups.Store.Sqlite;

/// <summary>Shows stored cells to a visitor under their series. Lives for one read; takes 16 bytes per series number met.</summary>
internal class ShownCells(SqliteConnection connection, SqliteNames names, ICellVisitor visitor) : IStoredCells
{
    // By kind and number.
    private readonly Known[][] all = [[], [], [], []];

    private struct Known
    {
        public Series? Series;
        public bool IsWanted;
    }

    public bool Wants(SeriesKind kind, int series)
    {
        ref var known = ref Of(kind, series);
        if (known.Series is null)
        {
            known.Series = names.Series(connection, kind, series);
            known.IsWanted = visitor.Wants(known.Series);
        }

        return known.IsWanted;
    }

    public void Take(TimeTier tier, int cell, int series, in CounterCell counter) =>
        visitor.Visit(Of(SeriesKind.Counter, series).Series!, TierMath.SpanOf(tier, cell), counter);

    public void Take(TimeTier tier, int cell, int series, int edgeSet, DistributionCell distribution) =>
        visitor.Visit(Of(SeriesKind.Distribution, series).Series!, TierMath.SpanOf(tier, cell), distribution);

    public void Take(TimeTier tier, int cell, int series, in GaugeCell gauge) =>
        visitor.Visit(Of(SeriesKind.Gauge, series).Series!, TierMath.SpanOf(tier, cell), gauge);

    public void Take(TimeTier tier, int cell, int series, HistogramCell histogram) =>
        visitor.Visit(Of(SeriesKind.Histogram, series).Series!, TierMath.SpanOf(tier, cell), histogram);

    protected Series SeriesOf(int counter) => Of(SeriesKind.Counter, counter).Series!;

    private ref Known Of(SeriesKind kind, int series)
    {
        ref var known = ref all[(int)kind - 1];
        if (known.Length <= series)
        {
            Array.Resize(ref known, Math.Max(series + 1, known.Length * 2));
        }

        return ref known[series];
    }
}

/// <summary>The same for a visitor that takes increases alone.</summary>
internal sealed class ShownIncreases(SqliteConnection connection, SqliteNames names, IIncreaseVisitor visitor)
    : ShownCells(connection, names, visitor), IStoredIncreases
{
    public void Take(TimeTier tier, int firstCell, ReadOnlySpan<int> series, ReadOnlySpan<long> increases, long nanosPerUnit)
    {
        var row = new Series[series.Length];
        for (var i = 0; i < row.Length; i++)
        {
            row[i] = SeriesOf(series[i]);
        }

        visitor.Visit(row, TierMath.SpanOf(tier, firstCell), increases, nanosPerUnit);
    }
}
