using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Kpi.SamplePlatform.Caching;

/// <summary>
/// The counters of meter <c>Shop.Cache</c>. Effective hit ratio = 1 − loads / (reads without bypass); a load under bypass is
/// therefore no load here, and loads = reads with outcome <c>load</c> or <c>load_error</c>.
/// </summary>
internal sealed class CacheMetrics : IDisposable
{
    public const string MeterName = "Shop.Cache";
    public const string NameTag = "app.cache.name";
    public const string OutcomeTag = "app.cache.outcome";

    private static readonly string[] Outcomes = ["l2_hit", "negative_hit", "coalesced", "load", "load_error", "bypass"];

    private readonly Meter meter = new(MeterName);
    private readonly Counter<long> reads;
    private readonly Counter<long> loads;
    private readonly Counter<long> waiters;
    private readonly Histogram<double> loadDuration;

    public CacheMetrics()
    {
        reads = meter.CreateCounter<long>("app.cache.reads", "{read}", "Logical reads of cacheable values, by what became of them.");
        loads = meter.CreateCounter<long>("app.cache.loads", "{load}", "Runs of a loader because the cache, in reach, had no value.");
        waiters = meter.CreateCounter<long>("app.cache.coalesced_waiters", "{read}", "Reads that waited for another read's work.");
        loadDuration = meter.CreateHistogram<double>("app.cache.load.duration", "s", "Time a loader ran, with or without the cache.");
    }

    /// <summary>Whose numbers these are: a listener that sees several caches in one process tells them apart by it.</summary>
    public Meter Meter => meter;

    public void Read(string cache, CacheOutcome outcome) =>
        reads.Add(1, new(NameTag, cache), new(OutcomeTag, Outcomes[(int)outcome]));

    public void Waited(string cache) => waiters.Add(1, new KeyValuePair<string, object?>(NameTag, cache));

    /// <param name="failure">null when the loader gave an answer, "there is none" included.</param>
    public void Loaded(string cache, TimeSpan took, bool bypass, Exception? failure)
    {
        var tags = new TagList { { NameTag, cache } };
        if (!bypass)
        {
            loads.Add(1, tags);
        }

        if (failure is not null)
        {
            tags.Add("error.type", failure.GetType().FullName);
        }

        loadDuration.Record(took.TotalSeconds, tags);
    }

    public void Dispose() => meter.Dispose();
}
