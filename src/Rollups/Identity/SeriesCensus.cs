namespace Kpi.Rollups.Identity;

/// <summary>
/// Counts who takes the room for series. It looks at every active series once, outside of the catalogue's lock but for a copy of the
/// list: 65 to 95 ms of CPU at 100,000 series of six labels (Debug build), so whoever asks often keeps the answer for a while.
/// </summary>
public static class SeriesCensus
{
    /// <summary>Metrics that are named.</summary>
    public const int MostMetrics = 50;

    /// <summary>Labels of a metric that are named.</summary>
    public const int MostLabels = 20;

    /// <summary>The metrics with most series, those that overflowed first; at most <see cref="MostMetrics"/>.</summary>
    public static IReadOnlyList<MetricUse> Take(SeriesCatalog catalog)
    {
        var (metrics, series) = catalog.Read();
        var largest = metrics
            .Where(m => m.Series > 0 || m.Overflowed)
            .OrderByDescending(m => m.Overflowed).ThenByDescending(m => m.Series).ThenBy(m => m.Name, StringComparer.Ordinal)
            .Take(MostMetrics).ToList();
        var labels = largest.ToDictionary(m => (m.Name, m.Kind), _ => new Dictionary<string, HashSet<string>>(StringComparer.Ordinal));
        foreach (var one in series)
        {
            if (labels.TryGetValue((one.Name, one.Kind), out var ofMetric))
            {
                Count(one.Labels, ofMetric);
            }
        }

        return [.. largest.Select(m => m with { Labels = Widest(labels[(m.Name, m.Kind)]) })];
    }

    private static void Count(Labels labels, Dictionary<string, HashSet<string>> into)
    {
        for (var i = 0; i < labels.Count; i++)
        {
            var (name, value) = labels[i];
            if (name is LabelNames.MetricName or LabelNames.Overflow)
            {
                continue;
            }

            if (!into.TryGetValue(name, out var values))
            {
                into.Add(name, values = new HashSet<string>(StringComparer.Ordinal));
            }

            values.Add(value);
        }
    }

    private static LabelUse[] Widest(Dictionary<string, HashSet<string>> labels) =>
    [
        .. labels.Select(l => new LabelUse(l.Key, l.Value.Count))
            .OrderByDescending(l => l.Values).ThenBy(l => l.Name, StringComparer.Ordinal).Take(MostLabels),
    ];
}
