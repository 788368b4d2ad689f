using Kpi.PromQl;
using Kpi.Rollups.Identity;
using Kpi.SloEngine.Evaluation.Counters;
using Kpi.SloEngine.Kpis;
using Kpi.SloEngine.Queries;

namespace Kpi.SloEngine.Evaluation;

/// <summary>Which series a KPI reads: distributions as a whole, counters sum by sum.</summary>
internal sealed class KpiSelectors
{
    private readonly VectorSelector[] distributions = [];
    private readonly VectorSelector[][] sums = [];
    private readonly IReadOnlyList<string> excludedRoutes = [];
    private readonly string? groupLabel;

    public KpiSelectors(KpiRule rule)
    {
        switch (rule)
        {
            case QuantileRule quantile:
                distributions = Parse(quantile.Metrics);
                excludedRoutes = quantile.OwnExcludedRoutes;
                groupLabel = quantile.WorstBy;
                break;
            case ErrorRatioRule errors:
                distributions = Parse(errors.Metrics);
                break;
            case CacheHitRule cache:
                sums = [.. CacheTallies.SelectorsOf(cache).Select(Parse)];
                break;
        }
    }

    /// <summary>Whether the KPI reads a distribution.</summary>
    public bool Selects(Series series) =>
        distributions.Any(s => s.Selects(series)) && !(series.Labels["http.route"] is { } route && excludedRoutes.Contains(route));

    /// <summary>The value of the label by which the KPI names its worst.</summary>
    public string? GroupOf(Series series) => groupLabel is null ? null : SeriesSelector.LabelOf(series, groupLabel);

    /// <summary>The part that a counter has in the KPI, which stands at a position of the catalogue; null when it has none.</summary>
    public CounterShare? ShareOf(Series series, int kpi)
    {
        int[] into = [.. Enumerable.Range(0, sums.Length).Where(i => sums[i].Any(s => s.Selects(series)))];
        return into.Length == 0 ? null : new CounterShare(kpi, into, sums.Length);
    }

    // The definitions' reader has parsed every selector before, so this does not fail.
    private static VectorSelector[] Parse(IReadOnlyList<string> selectors) =>
    [
        .. selectors.Select(text =>
            SelectorParser.TryParse(text, out var selector, out var error) ? selector : throw new FormatException(error.ToString())),
    ];
}
