using Kpi.PromQl;
using Kpi.Rollups.Cells;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Reading;
using Kpi.Rollups.Time;
using Kpi.SloEngine.Status;

namespace Kpi.SloEngine.Queries;

/// <summary>Adds the cells of the selected series up, each for itself.</summary>
internal sealed class SeriesTotals(VectorSelector selector, int most) : ICellVisitor
{
    private readonly Dictionary<SeriesId, bool> wanted = [];
    private readonly Dictionary<Series, (long Count, FixedSum Sum)> distributions = [];
    private readonly Dictionary<Series, (CounterCell Cell, Slice Newest)> counters = [];

    private int selected;

    /// <summary>More series than allowed were selected; those beyond are missing.</summary>
    public bool TooMany { get; private set; }

    public bool Wants(Series series)
    {
        if (!wanted.TryGetValue(series.Id, out var known))
        {
            known = selector.Selects(series);
            TooMany |= known && selected == most;
            known &= !TooMany;
            selected += known ? 1 : 0;
            wanted.Add(series.Id, known);
        }

        return known;
    }

    public void Visit(Series series, Slice slice, DistributionCell cell)
    {
        var (count, sum) = distributions.GetValueOrDefault(series);
        distributions[series] = (count + cell.Count, sum + cell.Sum);
    }

    public void Visit(Series series, Slice slice, CounterCell cell)
    {
        var (sum, newest) = counters.GetValueOrDefault(series);
        var later = slice.Number >= newest.Number;
        var added = sum with { Increase = sum.Increase + cell.Increase, Samples = sum.Samples + cell.Samples };
        counters[series] = (later ? added with { LastRaw = cell.LastRaw } : added, later ? slice : newest);
    }

    public IReadOnlyList<SeriesStatus> ToStatus() =>
    [
        .. distributions.Select(d => new SeriesStatus(LabelsOf(d.Key), "distribution", null, null, d.Value.Count, d.Value.Sum.ToDouble(), null))
            .Concat(counters.Select(c => new SeriesStatus(
                LabelsOf(c.Key), "counter", c.Value.Cell.Increase.ToDouble(), Known(c.Value.Cell.LastRaw), c.Value.Cell.Samples, null, null))),
    ];

    private static double? Known(double raw) => double.IsNaN(raw) ? null : raw;

    private static Dictionary<string, string> LabelsOf(Series series) => series.Labels.ToDictionary();
}
