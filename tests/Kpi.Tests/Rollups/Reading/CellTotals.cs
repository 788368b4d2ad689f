using Kpi.Rollups.Cells;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Reading;
using Kpi.Rollups.Time;
using Kpi.Tests.Rollups.Cells;

namespace Kpi.Tests.Rollups.Reading;

/// <summary>A visitor that adds up what it is shown, by series and slice.</summary>
internal sealed class CellTotals(Func<Series, bool>? wants = null) : ICellVisitor
{
    private readonly Dictionary<(string Series, int Slice), Distribution> distributions = [];
    private readonly Dictionary<(string Series, int Slice), CounterCell> counters = [];
    private readonly Dictionary<(string Series, int Slice), GaugeCell> gauges = [];
    private readonly Dictionary<(string Series, int Slice, string Layout), HistogramCell> histograms = [];
    private readonly Dictionary<string, Series> series = [];

    public IReadOnlyDictionary<(string Series, int Slice), Distribution> Distributions => distributions;

    public IReadOnlyDictionary<(string Series, int Slice), CounterCell> Counters => counters;

    public IReadOnlyDictionary<(string Series, int Slice), GaugeCell> Gauges => gauges;

    /// <summary>By series, slice and the name of the layout.</summary>
    public IReadOnlyDictionary<(string Series, int Slice, string Layout), HistogramCell> Histograms => histograms;

    public IReadOnlyDictionary<string, Series> Series => series;

    /// <summary>Visits of a cell: parts may come several times.</summary>
    public int Visits { get; private set; }

    public bool Wants(Series series) => wants?.Invoke(series) ?? true;

    public void Visit(Series series, SliceRange span, DistributionCell cell)
    {
        Note(series);
        if (!distributions.TryGetValue((series.Labels.ToString(), span.Last.Number), out var sum))
        {
            distributions.Add((series.Labels.ToString(), span.Last.Number), sum = new Distribution());
        }

        sum.Add(cell);
    }

    public void Visit(Series series, SliceRange span, CounterCell cell)
    {
        Note(series);
        var key = (series.Labels.ToString(), span.Last.Number);
        counters[key] = counters.GetValueOrDefault(key) + cell;
    }

    public void Visit(Series series, SliceRange span, GaugeCell cell)
    {
        Note(series);
        var key = (series.Labels.ToString(), span.Last.Number);
        gauges[key] = gauges.TryGetValue(key, out var sum) ? sum + cell : cell;
    }

    public void Visit(Series series, SliceRange span, HistogramCell cell)
    {
        Note(series);
        var key = (series.Labels.ToString(), span.Last.Number, Counted.Name(cell.Increase.Layout));
        if (histograms.TryGetValue(key, out var sum))
        {
            sum.Add(cell);
            return;
        }

        histograms.Add(key, Counted.Copy(cell));
    }

    /// <summary>Everything seen, in a form to compare; of running totals nothing, as those before the last may be forgotten.</summary>
    public string Describe() => string.Join('\n', [
        .. distributions.OrderBy(d => d.Key.Series, StringComparer.Ordinal).ThenBy(d => d.Key.Slice).Select(d => $"{d.Key}: {Observation.Describe(d.Value)}"),
        .. counters.OrderBy(c => c.Key.Series, StringComparer.Ordinal).ThenBy(c => c.Key.Slice).Select(c => $"{c.Key}: {c.Value} {BitConverter.DoubleToInt64Bits(c.Value.LastRaw):x}"),
        .. gauges.OrderBy(g => g.Key.Series, StringComparer.Ordinal).ThenBy(g => g.Key.Slice).Select(g => $"{g.Key}: {g.Value} {BitConverter.DoubleToInt64Bits(g.Value.Last):x}"),
        .. histograms.OrderBy(h => h.Key.Series, StringComparer.Ordinal).ThenBy(h => h.Key.Slice).ThenBy(h => h.Key.Layout, StringComparer.Ordinal)
            .Select(h => $"{h.Key}: {Counted.Describe(h.Value)}")]);

    private void Note(Series shown)
    {
        Visits++;
        series[shown.Labels.ToString()] = shown;
    }
}
