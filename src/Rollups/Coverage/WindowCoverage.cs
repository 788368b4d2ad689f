using Kpi.Rollups.Time;

namespace Kpi.Rollups.Coverage;

/// <summary>What is known of a window, at one moment. One thread.</summary>
public sealed class WindowCoverage
{
    private readonly CoverageBook book;
    private readonly SliceRange range;
    private readonly SliceRange watched;
    private readonly WatchedSlices own;
    private readonly Slice now;
    private readonly SliceSet ours;
    private readonly Slice watermark;

    // Bounded by the sources that the book follows and the names that series ask for.
    private readonly Dictionary<SourceIdentity, WatchedSlices?> known = [];

    internal WindowCoverage(CoverageBook book, SliceRange range, Slice now, SliceSet ours, Slice? first, Slice watermark)
    {
        this.book = book;
        this.now = now;
        this.ours = ours;
        this.range = range;
        this.watermark = watermark;
        watched = new SliceRange(
            new Slice(Math.Max(range.First.Number, first?.Number ?? int.MaxValue)), new Slice(Math.Min(range.Last.Number, now.Number)));
        own = new WatchedSlices(ours.And(watched), SliceSet.Of([watched]));
    }

    /// <summary>Of ourselves: what spans, logs and increases are covered by, as they come only when something happens.</summary>
    public WatchedShare Ours => own.Share;

    /// <summary>Up to when all live sources have been heard; null before anybody listened.</summary>
    public UnixNanos? Watermark => watched.First.Number == int.MaxValue ? null : watermark.End;

    /// <summary>Of a source, and of ourselves at the same time; of ourselves alone when it is none with a heartbeat.</summary>
    public WatchedShare Of(SourceIdentity? source) => (source is null ? null : Find(source))?.Share ?? Ours;

    /// <summary>Whether a source has a heartbeat.</summary>
    public bool Follows(SourceIdentity source) => Find(source) is not null;

    /// <summary>Of several sources together, step by step from the window's start.</summary>
    /// <param name="sources">With a heartbeat; others count as nothing.</param>
    /// <param name="oursToo">Whether something without a heartbeat counts as well, as one source.</param>
    /// <param name="slicesPerStep">Slices in a step, 1 or more; the last step may have fewer.</param>
    /// <param name="lineFirst">First slice of the first step, at or before the window's; the window's own when null.</param>
    public IReadOnlyList<WatchedShare> Steps(IReadOnlyCollection<SourceIdentity> sources, bool oursToo, int slicesPerStep, Slice? lineFirst = null)
    {
        ArgumentNullException.ThrowIfNull(sources);
        var first = (lineFirst ?? range.First).Number;
        var steps = new WatchedShare[((range.Last.Number - first) / slicesPerStep) + 1];
        IEnumerable<WatchedSlices?> all = [.. sources.Select(Find), oursToo ? own : null];
        foreach (var slices in all)
        {
            Add(slices?.Known, steps, first, slicesPerStep, n => new WatchedShare(n, 0));
            Add(slices?.Expected, steps, first, slicesPerStep, n => new WatchedShare(0, n));
        }

        return steps;
    }

    private static void Add(SliceSet? set, WatchedShare[] steps, int first, int slicesPerStep, Func<int, WatchedShare> shareOf)
    {
        foreach (var part in set?.Ranges ?? [])
        {
            for (var at = part.First.Number; at <= part.Last.Number;)
            {
                var step = (at - first) / slicesPerStep;
                var next = Math.Min(part.Last.Number + 1, first + ((step + 1) * slicesPerStep));
                steps[step] += shareOf(next - at);
                at = next;
            }
        }
    }

    private WatchedSlices? Find(SourceIdentity source)
    {
        if (!known.TryGetValue(source, out var slices))
        {
            known.Add(source, slices = book.Over(source, watched, now, ours));
        }

        return slices;
    }
}

/// <summary>What is known of a source in a stretch of time, and what should be.</summary>
internal readonly record struct WatchedSlices(SliceSet Known, SliceSet Expected)
{
    public WatchedShare Share => new(Known.Count, Expected.Count);
}
