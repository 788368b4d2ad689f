using System.Collections.Concurrent;
using Kpi.Rollups.Time;

namespace Kpi.SloEngine.Evaluation;

/// <summary>What is measured twice when a service sends both metrics and spans: its requests of one kind, by the metric's name.</summary>
internal readonly record struct MeasuredTwice(string Service, string Metric);

/// <summary>
/// When metrics told of a service's requests: then its spans, which tell of the same ones, are not counted. A point tells of the time
/// since the one before it, so <see cref="Reach"/> to both sides of a point count as told of. Bounded by the services; of changes the last
/// <see cref="MostChanges"/> are known.
/// </summary>
internal sealed class MetricPresence
{
    /// <summary>Slices around a point: five minutes, within which exporters send again.</summary>
    public const int Reach = 30;

    private const int MostChanges = 1_024;

    private readonly Lock gate = new();
    private readonly ConcurrentDictionary<MeasuredTwice, SliceRange[]> told = new();
    private readonly Queue<SliceRange> changes = new();
    private long version;

    /// <summary>Moves when more time is known to be told of.</summary>
    public long Version => Volatile.Read(ref version);

    /// <summary>Notes a metric's cell.</summary>
    public void Note(MeasuredTwice what, SliceRange span)
    {
        var reached = new SliceRange(span.First.Plus(-Reach), span.Last.Plus(Reach));
        if (!told.TryGetValue(what, out var ranges) || !ranges.Any(r => r.Contains(reached.First) && r.Contains(reached.Last)))
        {
            lock (gate)
            {
                Add_NeedsLock(what, reached);
            }
        }
    }

    /// <summary>Whether metrics told of a part of the time.</summary>
    public bool Tells(MeasuredTwice what, SliceRange span) =>
        told.TryGetValue(what, out var ranges) && ranges.Any(r => r.First.Number <= span.Last.Number && span.First.Number <= r.Last.Number);

    /// <summary>The times that became told of since an earlier version; null when too much has changed to say.</summary>
    public IReadOnlyList<SliceRange>? ChangedSince(long earlier)
    {
        lock (gate)
        {
            var missed = version - earlier;
            return missed > changes.Count ? null : [.. changes.Skip(changes.Count - (int)missed)];
        }
    }

    // What is new lies mostly at the newest end.
    private void Add_NeedsLock(MeasuredTwice what, SliceRange reached)
    {
        var known = told.GetValueOrDefault(what) ?? [];
        var before = known.Where(r => r.Last.Number < reached.First.Number - 1).ToList();
        var after = known.Where(r => r.First.Number > reached.Last.Number + 1).ToList();
        var touched = known.Where(r => r.Last.Number >= reached.First.Number - 1 && r.First.Number <= reached.Last.Number + 1).ToList();
        var joined = touched.Aggregate(reached, (sum, r) => new SliceRange(
            sum.First.Number < r.First.Number ? sum.First : r.First, sum.Last.Number > r.Last.Number ? sum.Last : r.Last));
        told[what] = [.. before, joined, .. after];
        var added = touched is [var one] && one.Contains(reached.First) ? new SliceRange(one.Last.Plus(1), reached.Last) : reached;
        changes.Enqueue(added);
        if (changes.Count > MostChanges)
        {
            changes.Dequeue();
        }

        Volatile.Write(ref version, version + 1);
    }
}
