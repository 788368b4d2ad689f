using Kpi.Rollups.Cells;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Reading;
using Kpi.Rollups.Time;

namespace Kpi.Rollups.Lanes;

/// <summary>
/// What one lane gave to a flush. Nobody writes to it any more; readers still see it in the lane until the flush is committed
/// and the lane is told to discard it.
/// </summary>
internal sealed record DrainedCells(
    long Flush,
    List<OpenDistribution> Distributions,
    Dictionary<CellKey, CounterCell> Counters,
    Dictionary<CellKey, GaugeCell> Gauges,
    Dictionary<HistogramKey, HistogramCell> Histograms)
{
    /// <summary>The place of every cell; one of several layouts or parts comes several times.</summary>
    public IEnumerable<CellKey> Places => Distributions.Select(d => new CellKey(d.Series.Slot, d.Slice))
        .Concat(Counters.Keys).Concat(Gauges.Keys).Concat(Histograms.Keys.Select(h => new CellKey(h.Slot, h.Slice)));

    /// <summary>Shows the cells of a range.</summary>
    public void Show(SliceRange range, SeriesCatalog catalog, ICellVisitor visitor)
    {
        foreach (var cell in Distributions)
        {
            if (IsShown(cell.Series.Identity, cell.Slice))
            {
                visitor.Visit(cell.Series.Identity, new Slice(cell.Slice), cell.Cell);
            }
        }

        foreach (var (key, cell) in Counters)
        {
            if (catalog[key.Slot].Identity is var series && IsShown(series, key.Slice))
            {
                visitor.Visit(series, new Slice(key.Slice), cell);
            }
        }

        foreach (var (key, cell) in Gauges)
        {
            if (catalog[key.Slot].Identity is var series && IsShown(series, key.Slice))
            {
                visitor.Visit(series, new Slice(key.Slice), cell);
            }
        }

        foreach (var (key, cell) in Histograms)
        {
            if (catalog[key.Slot].Identity is var series && IsShown(series, key.Slice))
            {
                visitor.Visit(series, new Slice(key.Slice), cell);
            }
        }

        bool IsShown(Series series, int slice) => range.Contains(new Slice(slice)) && visitor.Wants(series);
    }
}

/// <summary>One slice of a series: series by slot, slice by number.</summary>
internal readonly record struct CellKey(int Slot, int Slice);
