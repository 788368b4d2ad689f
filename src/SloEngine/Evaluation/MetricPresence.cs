using System.Collections.Concurrent;
using Kpi.Rollups.Time;

namespace Kpi.SloEngine.Evaluation;

/// <summary>What is measured twice when a service sends both metrics and spans: its requests of one kind, by the metric's name.</summary>
internal readonly record struct MeasuredTwice(string Service, string Metric);

/// <summary>
/// When metrics told of a service's requests, as cells of one tier tell it: then its spans, which tell of the same ones, are not counted.
/// A point tells of the time since the one before it, so <see cref="Reach"/> to both sides of a cell count as told of, unless the tier's
/// cells are longer than that.
/// </summary>
/// <remarks>
/// Bounded: at most <see cref="MostTold"/> pairs, then all are forgotten and whoever asks reads anew; of each the ranges of the last
/// <see cref="MostSlices"/> behind the newest of all, which no window reaches beyond; of changes the last <see cref="MostChanges"/>.
/// </remarks>
/// <param name="tier">What is noted counts for the whole cells of this tier that it lies in, as it will be read when it is rolled up.</param>
internal sealed class MetricPresence(TimeTier tier)
{
    /// <summary>Slices around a point: five minutes, within which exporters send again.</summary>
    public const int Reach = 30;

    /// <summary>33 days: the longest window is a month, and the newest cell may be of a day that has just begun.</summary>
    public const int MostSlices = 33 * 8_640;

    /// <summary>Services and metrics.</summary>
    public const int MostTold = 50_000;

    private const int MostChanges = 1_024;

    private readonly Lock gate = new();
    private readonly ConcurrentDictionary<MeasuredTwice, SliceRange[]> told = new();
    private readonly List<(long Version, SliceRange Range)> changes = [];
    private long version;
    private long unknownUpTo; // changes up to this version are not known any more
    private int newest;
    private int cleanedAt;

    /// <summary>Moves when more time is known to be told of.</summary>
    public long Version => Volatile.Read(ref version);

    private int Oldest => Volatile.Read(ref newest) - MostSlices;

    /// <summary>Notes a metric's cell.</summary>
    public void Note(MeasuredTwice what, SliceRange span)
    {
        var reached = Reached(span);
        if (reached.Last.Number >= Oldest && !(told.TryGetValue(what, out var ranges) && ranges.Any(r => Holds(r, reached))))
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

    /// <summary>The time in which a metric's cell tells of a range.</summary>
    public SliceRange Around(SliceRange range) => Widened(range, TierMath.SlicesOf(tier));

    /// <summary>The times that became told of since an earlier version, or a little more; null when too much has changed to say.</summary>
    public IReadOnlyList<SliceRange>? ChangedSince(long earlier)
    {
        lock (gate)
        {
            return earlier < unknownUpTo ? null : [.. changes.Where(c => c.Version > earlier).Select(c => c.Range)];
        }
    }

    private static bool Holds(SliceRange range, SliceRange part) => range.Contains(part.First) && range.Contains(part.Last);

    private static bool Touch(SliceRange a, SliceRange b) => a.First.Number <= b.Last.Number + 1 && b.First.Number <= a.Last.Number + 1;

    private static SliceRange Joined(SliceRange a, SliceRange b) => new(
        a.First.Number < b.First.Number ? a.First : b.First, a.Last.Number > b.Last.Number ? a.Last : b.Last);

    private static SliceRange Widened(SliceRange range, int cell) =>
        cell <= Reach ? new SliceRange(range.First.Plus(-Reach), range.Last.Plus(Reach)) : range;

    private SliceRange Reached(SliceRange span)
    {
        var cells = new SliceRange(
            TierMath.SpanOf(tier, TierMath.CellOf(tier, span.First)).First, TierMath.SpanOf(tier, TierMath.CellOf(tier, span.Last)).Last);
        return Widened(cells, cells.Count);
    }

    // What is new lies mostly at the newest end.
    private void Add_NeedsLock(MeasuredTwice what, SliceRange reached)
    {
        MakeRoom_NeedsLock(what, reached.Last.Number);
        var known = told.GetValueOrDefault(what) ?? [];
        if (known.Any(r => Holds(r, reached)))
        {
            return;
        }

        var before = known.Where(r => r.Last.Number < reached.First.Number - 1 && r.Last.Number >= Oldest);
        var touched = known.Where(r => Touch(r, reached)).ToList();
        var after = known.Where(r => r.First.Number > reached.Last.Number + 1);
        told[what] = [.. before, touched.Aggregate(reached, Joined), .. after];
        NoteChange_NeedsLock(touched is [var one] && one.Contains(reached.First) ? new SliceRange(one.Last.Plus(1), reached.Last) : reached);
    }

    // Many services begin to tell of the same time together, so a change goes into the last one where that makes it little longer.
    private void NoteChange_NeedsLock(SliceRange added)
    {
        var next = version + 1;
        if (changes is [.., var last] && Touch(last.Range, added)
            && Joined(last.Range, added) is var both && both.Count <= Math.Max(last.Range.Count, added.Count + Reach))
        {
            changes[^1] = (next, both);
        }
        else
        {
            changes.Add((next, added));
        }

        if (changes.Count > MostChanges)
        {
            unknownUpTo = changes[0].Version;
            changes.RemoveAt(0);
        }

        Volatile.Write(ref version, next);
    }

    private void MakeRoom_NeedsLock(MeasuredTwice what, int last)
    {
        Volatile.Write(ref newest, Math.Max(newest, last));
        if (newest - cleanedAt >= TierMath.SlicesOf(TimeTier.Days))
        {
            cleanedAt = newest;
            foreach (var (pair, _) in told.Where(t => t.Value[^1].Last.Number < Oldest).ToList())
            {
                told.TryRemove(pair, out _);
            }
        }

        if (told.Count >= MostTold && !told.ContainsKey(what))
        {
            told.Clear();
            changes.Clear();
            unknownUpTo = version + 1;
            Volatile.Write(ref version, version + 1);
        }
    }
}
