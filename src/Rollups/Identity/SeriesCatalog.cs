using System.Security.Cryptography;
using Kpi.Rollups.Cells;

namespace Kpi.Rollups.Identity;

/// <summary>
/// The series being written, by identity and by slot. Reads by slot are free of locks; a new series takes one.
/// Bounded by <see cref="RollupLimits.SeriesPerMetric"/> and <see cref="RollupLimits.Series"/>: what comes beyond shares one
/// overflow series per metric, so that totals stay right when labels explode.
/// </summary>
public sealed class SeriesCatalog(RollupLimits limits)
{
    private readonly Lock gate = new();
    private readonly Dictionary<SeriesId, ActiveSeries> byId = [];
    private readonly Dictionary<(string Name, SeriesKind Kind), MetricSeries> byMetric = [];
    private readonly Dictionary<string, string> interned = new(StringComparer.Ordinal);
    private readonly SlotTable slots = new();
    private volatile int count;
    private TimeSpan now;
    private int overflows;
    private volatile LabelPolicy labelPolicy = LabelPolicy.None;
    private Func<Series, EdgeSet> edgesOf = _ => EdgeSet.None;

    /// <summary>Active series, overflow series included.</summary>
    public int Count => count;

    /// <summary>The most there may be, not counting one overflow series per metric.</summary>
    public int Limit { get; } = limits.Series;

    /// <summary>What becomes of labels before a series is made of them. A change is for series made from then on, and for whoever asks again; an equal one is none.</summary>
    public LabelPolicy LabelPolicy
    {
        get => labelPolicy;
        set
        {
            // Whoever knows series under a policy tells it by reference, and need not learn them anew.
            if (!value.Equals(labelPolicy))
            {
                labelPolicy = value;
            }
        }
    }

    /// <summary>A series is let go of after this long without a sample.</summary>
    public TimeSpan IdleAfter => limits.IdleAfter;

    /// <summary>When idle series were last let go of, on a clock that never goes back; zero before that.</summary>
    public TimeSpan SweptAt
    {
        get
        {
            lock (gate)
            {
                return now;
            }
        }
    }

    /// <summary>
    /// By which values of labels are hashed: without it nobody can try out which value gives a hash. Unless a folder keeps one, each process
    /// has its own.
    /// </summary>
    public byte[] LabelKey { get; set; } = RandomNumberGenerator.GetBytes(32);

    /// <summary>The series of a slot that was handed out.</summary>
    public ActiveSeries this[int slot] => slots[slot];

    /// <summary>Whether a slot still belongs to the series that had it in this generation; cheap and free of locks.</summary>
    public bool IsCurrent(int slot, int generation) => slots.GenerationOf(slot) == generation;

    internal RollupLimits Limits => limits;

    /// <summary>Whether a new series of this metric would fall into the overflow; cheap, so that an explosion of labels stays cheap.</summary>
    public bool IsFull(SeriesKind kind, string metric)
    {
        lock (gate)
        {
            return IsFull_NeedsLock((metric, kind));
        }
    }

    /// <summary>
    /// The active series of these labels; a new one while there is room, else the metric's overflow series.
    /// </summary>
    /// <param name="overflowed">True when it is the overflow series.</param>
    public ActiveSeries GetOrAdd(SeriesKind kind, string unit, Labels labels, out bool overflowed)
    {
        var series = Series.Of(kind, unit, labels);
        lock (gate)
        {
            overflowed = false;
            if (byId.TryGetValue(series.Id, out var known))
            {
                return known;
            }

            overflowed = IsFull_NeedsLock(MetricOf(series));
            return overflowed ? Overflow_NeedsLock(series) : Add_NeedsLock(Intern_NeedsLock(series));
        }
    }

    /// <summary>The active series of these labels; a new one while there is room, else null.</summary>
    public ActiveSeries? GetOrAddWithinCap(SeriesKind kind, string unit, Labels labels)
    {
        var series = Series.Of(kind, unit, labels);
        lock (gate)
        {
            return byId.TryGetValue(series.Id, out var known) ? known
                : IsFull_NeedsLock(MetricOf(series)) ? null
                : Add_NeedsLock(Intern_NeedsLock(series));
        }
    }

    /// <summary>The overflow series of a metric.</summary>
    public ActiveSeries Overflow(SeriesKind kind, string unit, string metric)
    {
        lock (gate)
        {
            return byMetric.TryGetValue((metric, kind), out var of) && of.Overflow is { } known
                ? known
                : Overflow_NeedsLock(Series.Of(kind, unit, Labels.Of((LabelNames.MetricName, metric))));
        }
    }

    /// <summary>
    /// Declares the edges counted exactly; they hold from now on, for the series that exist and those to come. The function is
    /// pure and gives the same instance for equal sets, as lanes tell sets apart by reference.
    /// </summary>
    public void DeclareEdges(Func<Series, EdgeSet> edges)
    {
        lock (gate)
        {
            edgesOf = edges;
            foreach (var series in byId.Values)
            {
                series.Edges = edges(series.Identity);
            }
        }
    }

    /// <summary>
    /// Lets go of series without a sample for <see cref="RollupLimits.IdleAfter"/>, so that an explosion of labels passes. Their ids
    /// stay what they are: a series that comes back is the same, in another slot.
    /// </summary>
    /// <param name="at">Now, on a clock that never goes back.</param>
    internal void Retire(TimeSpan at)
    {
        lock (gate)
        {
            now = at;
            var idleSince = at - limits.IdleAfter;
            slots.Free(idleSince);
            var idle = byId.Values.Where(s => s.LastSampled < idleSince && !s.IsOverflow).ToList();
            foreach (var series in idle)
            {
                byId.Remove(series.Identity.Id);
                byMetric[MetricOf(series.Identity)].Count--;
                slots.Retire(series, at);
                count--;
            }

            if (idle.Count > 0)
            {
                interned.Clear();
                foreach (var (name, value) in byId.Values.SelectMany(s => s.Identity.Labels))
                {
                    interned[name] = name;
                    interned[value] = value;
                }
            }
        }
    }

    /// <summary>The metrics, their labels not counted yet, and all active series.</summary>
    internal (IReadOnlyList<MetricUse> Metrics, IReadOnlyList<Series> Series) Read()
    {
        lock (gate)
        {
            var metrics = byMetric.Select(m => new MetricUse(m.Key.Name, m.Key.Kind, m.Value.Count, limits.SeriesPerMetric, Overflows_NeedsLock(m.Value), []));
            return ([.. metrics], [.. byId.Values.Select(s => s.Identity)]);
        }
    }

    // The overflow series stays for good; that something goes into it does not.
    private bool Overflows_NeedsLock(MetricSeries metric) =>
        metric.Count >= limits.SeriesPerMetric || (metric.Overflow is { } overflow && now - overflow.LastSampled <= limits.IdleAfter);

    private static (string Name, SeriesKind Kind) MetricOf(Series series) => (series.Name, series.Kind);

    private bool IsFull_NeedsLock((string Name, SeriesKind Kind) metric) =>
        count - overflows >= limits.Series || (byMetric.TryGetValue(metric, out var of) && of.Count >= limits.SeriesPerMetric);

    private ActiveSeries Overflow_NeedsLock(Series series)
    {
        if (byMetric.TryGetValue(MetricOf(series), out var of) && of.Overflow is { } known)
        {
            return known;
        }

        var labels = Labels.Of((LabelNames.MetricName, series.Name), (LabelNames.Overflow, "true"));
        var overflow = Series.Of(series.Kind, series.Unit, labels);

        // A sender that reached a limit of its own may have sent a series of just these labels.
        if (!byId.TryGetValue(overflow.Id, out var active))
        {
            active = Add_NeedsLock(overflow);
            byMetric[MetricOf(series)].Count--;
            overflows++;
        }

        active.IsOverflow = true;
        byMetric[MetricOf(series)].Overflow = active;
        return active;
    }

    private ActiveSeries Add_NeedsLock(Series series)
    {
        var added = slots.Place((slot, generation) => new ActiveSeries(series, slot, generation, edgesOf(series), now));
        byId.Add(series.Id, added);
        if (!byMetric.TryGetValue(MetricOf(series), out var of))
        {
            byMetric.Add(MetricOf(series), of = new MetricSeries());
        }

        of.Count++;
        count++;
        return added;
    }

    // Label names and values repeat across series; one string each. Bounded by the series, which are bounded.
    private Series Intern_NeedsLock(Series series) => series with
    {
        Labels = Labels.Of(series.Labels.Select(pair => KeyValuePair.Create(Intern_NeedsLock(pair.Key), Intern_NeedsLock(pair.Value)))),
    };

    private string Intern_NeedsLock(string text)
    {
        if (!interned.TryGetValue(text, out var known))
        {
            interned.Add(text, known = text);
        }

        return known;
    }

    private sealed class MetricSeries
    {
        /// <summary>Without the overflow series.</summary>
        public int Count { get; set; }

        public ActiveSeries? Overflow { get; set; }
    }
}
