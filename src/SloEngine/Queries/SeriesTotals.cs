using Kpi.PromQl;
using Kpi.Rollups.Cells;
using Kpi.Rollups.Coverage;
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
    private readonly Dictionary<Series, CounterTotal> counters = [];
    private readonly Dictionary<Series, GaugeCell> gauges = [];
    private readonly Dictionary<Series, (long Count, FixedSum? Sum)> histograms = [];
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

    public void Visit(Series series, SliceRange span, DistributionCell cell)
    {
        var (count, sum) = distributions.GetValueOrDefault(series);
        distributions[series] = (count + cell.Count, sum + cell.Sum);
    }

    public void Visit(Series series, SliceRange span, CounterCell cell)
    {
        counters[series] = counters.GetValueOrDefault(series).Plus(span, cell);
    }

    public void Visit(Series series, SliceRange span, GaugeCell cell)
    {
        var since1970 = cell with { LastOffset = span.From.Value + cell.LastOffset };
        gauges[series] = gauges.TryGetValue(series, out var known) ? known + since1970 : since1970;
    }

    public void Visit(Series series, SliceRange span, HistogramCell cell)
    {
        var (count, sum) = histograms.GetValueOrDefault(series, (0, FixedSum.Zero));
        histograms[series] = (count + cell.Increase.Count, sum + cell.Increase.Sum);
    }

    public IReadOnlyList<SeriesStatus> ToStatus(WindowCoverage? coverage = null) =>
    [
        .. distributions.Select(d => Distribution(d.Key, d.Value.Count, d.Value.Sum, CoverageOf(d.Key, coverage))),
        .. histograms.Select(h => Distribution(h.Key, h.Value.Count, h.Value.Sum, CoverageOf(h.Key, coverage))),
        .. gauges.Select(g => Gauge(g.Key, g.Value, CoverageOf(g.Key, coverage))),
        .. counters.Select(c => Counter(c.Key, c.Value, CoverageOf(c.Key, coverage))),
    ];

    private static SeriesStatus Distribution(Series series, long count, FixedSum? sum, double? coverage) =>
        new(LabelsOf(series), "distribution", null, null, count, sum?.ToDouble(), coverage);

    private static SeriesStatus Gauge(Series series, GaugeCell gauge, double? coverage) =>
        new(LabelsOf(series), "gauge", null, Known(gauge.Last), gauge.Count, gauge.Sum.ToDouble(), coverage)
        {
            Min = Known(gauge.Min),
            Max = Known(gauge.Max),
        };

    private static SeriesStatus Counter(Series series, CounterTotal total, double? coverage) =>
        new(LabelsOf(series), "counter", total.Increase.ToDouble(), Known(total.LastRaw), total.Samples, null, coverage);

    private static double? CoverageOf(Series series, WindowCoverage? coverage) => coverage?.Of(SourceIdentity.Of(series)).Ratio;

    // JSON has no other numbers.
    private static double? Known(double raw) => double.IsFinite(raw) ? raw : null;

    private static Dictionary<string, string> LabelsOf(Series series) => series.Labels.ToDictionary();

    // A share of a long interval has no sample. At the same instant the larger total wins, whatever the order of the cells.
    private readonly record struct CounterTotal(FixedSum Increase, long Samples, long LastAt, double LastRaw)
    {
        public CounterTotal Plus(SliceRange span, CounterCell cell)
        {
            var at = span.From.Value + cell.LastOffset;
            var last = cell.Samples == 0 || (Samples > 0 && at < LastAt) ? (LastAt, LastRaw)
                : Samples > 0 && at == LastAt ? (at, double.MaxNumber(LastRaw, cell.LastRaw))
                : (at, cell.LastRaw);
            return new CounterTotal(Increase + cell.Increase, Samples + cell.Samples, last.Item1, last.Item2);
        }
    }
}
