using System.Collections.Concurrent;
using Kpi.Rollups.Cells;
using Kpi.Rollups.Coverage;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Time;
using Kpi.SloEngine.Definitions;
using Kpi.SloEngine.Evaluation.Counters;

namespace Kpi.SloEngine.Evaluation;

/// <summary>
/// The roles of series under one version of the definitions. Each is worked out once and remembered, at most
/// <see cref="MostRemembered"/>; then all are forgotten and worked out again as they come.
/// </summary>
internal sealed class SeriesRoles(DefinitionSet definitions)
{
    private const int MostRemembered = 500_000;
    private const int MostNamed = 2_000;
    private const string Unknown = "unknown_service";

    private readonly ConcurrentDictionary<SeriesId, SeriesRole> known = new();
    private readonly ConcurrentDictionary<Series, bool> metrics = new(); // bounded by MostNamed
    private readonly Dictionary<EdgeSet, EdgeSet> edgeSets = [];
    private readonly KpiSelectors[] kpis = [.. definitions.Kpis.Kpis.Select(kpi => new KpiSelectors(kpi.Rule))];
    private readonly Dictionary<TimeTier, MetricPresence> presences = TierMath.All.ToDictionary(tier => tier, tier => new MetricPresence(tier));
    private int restored;

    /// <summary>Who sends what the KPIs count.</summary>
    public KpiSources Sources { get; } = new(definitions.Kpis.Kpis.Count);

    /// <summary>Metrics that tell of what spans tell of too; null when they are too many to name.</summary>
    public IReadOnlyCollection<Series>? Metrics => metrics.Count < MostNamed ? [.. metrics.Keys] : null;

    /// <summary>Whether there is such a metric.</summary>
    public bool HasMetrics => !metrics.IsEmpty;

    /// <summary>
    /// True once: then whoever asks looks at all series that are stored, so that a source counts that fell silent before this process
    /// began.
    /// </summary>
    public bool TryBeginRestore() => Interlocked.Exchange(ref restored, 1) == 0;

    /// <summary>The look failed, or was given up: the next who asks begins it again.</summary>
    public void GiveUpRestore() => Volatile.Write(ref restored, 0);

    /// <summary>When metrics told of what spans tell of too, for who reads cells of this tier: a day tells nothing of a minute.</summary>
    public MetricPresence PresenceOf(TimeTier tier) => presences[tier];

    public SeriesRole Of(Series series)
    {
        if (known.TryGetValue(series.Id, out var role))
        {
            return role;
        }

        if (known.Count >= MostRemembered)
        {
            known.Clear();
        }

        return known[series.Id] = Make(series);
    }

    /// <summary>Works out the role of a series that no cell brought; never wants it.</summary>
    public bool Remember(Series series)
    {
        Of(series);
        return false;
    }

    /// <summary>
    /// The values that a series must count exactly: the targets of the KPIs that count it. One instance for equal sets. Called
    /// under the catalogue's lock.
    /// </summary>
    public EdgeSet EdgesOf(Series series)
    {
        var edges = EdgeSet.Of(Of(series).Kpis.SelectMany(k => definitions.Kpis.Kpis[k].ExactEdges));
        if (!edgeSets.TryGetValue(edges, out var shared))
        {
            edgeSets.Add(edges, shared = edges);
        }

        return shared;
    }

    private SeriesRole Make(Series series)
    {
        var isRequest = series.Name is "http.server.request.duration" or "rpc.server.call.duration"
            && CountsSeconds(series);
        var service = series.Labels[LabelNames.ServiceName];
        var counted = !(isRequest && !IsEntry(service))
            && !(definitions.Kpis.ExcludeSynthetic && series.Labels["user_agent.synthetic.type"] is "test" or "bot")
            && !IsExcluded(series, definitions.Kpis.ExcludedRoutes);
        var isDistribution = counted && CountsSeconds(series);
        var isCounter = counted && series.Kind == SeriesKind.Counter;
        int[] positions = isDistribution ? [.. Enumerable.Range(0, kpis.Length).Where(k => kpis[k].Selects(series))] : [];
        CounterShare[] counters = isCounter ? [.. kpis.Select((kpi, k) => kpi.ShareOf(series, k)).OfType<CounterShare>()] : [];
        foreach (var kpi in positions.Concat(counters.Select(c => c.Kpi)))
        {
            Sources.Note(kpi, SourceIdentity.Of(series));
        }

        var source = series.Labels[LabelNames.From] ?? SeriesRole.FromMetrics;
        var isTwice = positions.Length > 0 || isRequest;
        if (isTwice && source == SeriesRole.FromMetrics && metrics.Count < MostNamed)
        {
            metrics.TryAdd(series, true);
        }

        return new SeriesRole(
            isRequest ? service ?? Unknown : null,
            isRequest ? RequestOutcomes.Of(series.Labels) : RequestOutcome.Good,
            positions,
            source)
        {
            Twice = isTwice ? new MeasuredTwice(service ?? Unknown, series.Name) : null,
            Groups = [.. positions.Select(k => kpis[k].GroupOf(series))],
            Counters = counters,
        };
    }

    // By the conventions durations come in seconds. In another unit they are no duration that a target could be compared with.
    private static bool CountsSeconds(Series series) =>
        series.Kind == SeriesKind.Distribution || (series.Kind == SeriesKind.Histogram && series.Unit is "s" or "");

    private bool IsEntry(string? service) =>
        definitions.Kpis.EntryServices.Count == 0 || (service is not null && definitions.Kpis.EntryServices.Contains(service));

    private static bool IsExcluded(Series series, IReadOnlyList<string> routes) =>
        series.Labels["http.route"] is { } route && routes.Contains(route);
}
