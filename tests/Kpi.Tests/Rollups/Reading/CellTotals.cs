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
    private readonly Dictionary<string, Series> series = [];

    public IReadOnlyDictionary<(string Series, int Slice), Distribution> Distributions => distributions;

    public IReadOnlyDictionary<(string Series, int Slice), CounterCell> Counters => counters;

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

    /// <summary>Everything seen, in a form to compare.</summary>
    public string Describe() => string.Join('\n', [
        .. distributions.OrderBy(d => d.Key.Series, StringComparer.Ordinal).ThenBy(d => d.Key.Slice).Select(d => $"{d.Key}: {Observation.Describe(d.Value)}"),
        .. counters.OrderBy(c => c.Key.Series, StringComparer.Ordinal).ThenBy(c => c.Key.Slice).Select(c => $"{c.Key}: {c.Value} {BitConverter.DoubleToInt64Bits(c.Value.LastRaw):x}")]);

    private void Note(Series shown)
    {
        Visits++;
        series[shown.Labels.ToString()] = shown;
    }
}
