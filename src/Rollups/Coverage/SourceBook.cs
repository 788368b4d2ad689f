using Kpi.Rollups.Identity;
using Kpi.Rollups.Time;

namespace Kpi.Rollups.Coverage;

/// <summary>
/// The sources with a heartbeat, at most <see cref="RollupLimits.Sources"/>. When there are too many, those leave that are retired; if none
/// is, a further one is not followed, and counted. Used under the book's lock.
/// </summary>
internal sealed class SourceBook
{
    // What a live source may be behind without holding back a window's end.
    private const int LeastBehind = 3;

    private readonly Dictionary<SourceIdentity, SourceState> sources = [];
    private readonly int most;
    private readonly int retention;
    private int lookedAt;

    public SourceBook(RollupLimits limits, IEnumerable<HeardSlices> restored)
    {
        Limits = new SilenceLimits((int)(limits.SilentAfter / Slice.Length), (int)(limits.RetiredAfter / Slice.Length));
        most = limits.Sources;
        retention = (int)(limits.Retention / Slice.Length);
        foreach (var source in restored.GroupBy(h => h.Source).OrderByDescending(s => s.Max(h => h.Slices.Last.Number)).Take(most))
        {
            var state = new SourceState(source.Key, Limits);
            foreach (var heard in source)
            {
                state.Heard.Add(heard.Slices);
            }

            sources.Add(source.Key, state);
        }
    }

    public SilenceLimits Limits { get; }

    public long Overflowed { get; private set; }

    public SourceState? Find(SourceIdentity source) => sources.GetValueOrDefault(source);

    public void Hear(SourceIdentity source, int slice)
    {
        if (!sources.TryGetValue(source, out var state))
        {
            if (!HasRoom(slice))
            {
                Overflowed++;
                return;
            }

            sources.Add(source, state = new SourceState(source, Limits));
        }

        state.Hear(slice);
    }

    public IReadOnlyList<HeardSlices> Take()
    {
        var taken = new List<HeardSlices>();
        foreach (var source in sources.Values)
        {
            taken.AddRange(source.Take());
            source.Heard.DropBefore(source.Heard.Last - retention);
        }

        return taken;
    }

    /// <summary>
    /// The slice up to which all live sources have been heard. One that is late holds it back by twice its interval at most, and by 30 s
    /// at least, so that a figure does not wait for who is silent.
    /// </summary>
    public Slice WatermarkAt(Slice now)
    {
        var mark = now.Number - 1;
        foreach (var source in sources.Values.Where(s => s.StandingAt(now.Number) == SourceStanding.Live))
        {
            mark = Math.Min(mark, Math.Max(source.Heard.Last, now.Number - Math.Max(2 * source.Interval, LeastBehind)));
        }

        return new Slice(mark);
    }

    public Dictionary<SourceStanding, int> StandingsAt(Slice now)
    {
        var counts = Enum.GetValues<SourceStanding>().ToDictionary(s => s, _ => 0);
        foreach (var source in sources.Values)
        {
            counts[source.StandingAt(now.Number)]++;
        }

        return counts;
    }

    public IReadOnlyList<(SourceIdentity Source, UnixNanos LastHeard)> UnknownAt(Slice now, int most) =>
    [
        .. sources.Values.Where(s => s.StandingAt(now.Number) == SourceStanding.Unknown)
            .OrderBy(s => s.Heard.Last).ThenBy(s => s.Identity.Name, StringComparer.Ordinal).ThenBy(s => s.Identity.Instance, StringComparer.Ordinal)
            .Take(most).Select(s => (s.Identity, new Slice(s.Heard.Last).End)),
    ];

    // While names explode every new one would look through all; once in a slice is enough.
    private bool HasRoom(int slice)
    {
        if (sources.Count >= most && slice > lookedAt)
        {
            lookedAt = slice;
            foreach (var gone in sources.Values.Where(s => s.StandingAt(slice) == SourceStanding.Retired).ToList())
            {
                sources.Remove(gone.Identity);
            }
        }

        return sources.Count < most;
    }
}
