using Kpi.Rollups.Cells;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Reading;
using Kpi.Rollups.Time;
using Kpi.SloEngine.Status;

namespace Kpi.SloEngine.Evaluation;

/// <summary>
/// The committed part of a window, kept between evaluations in at most 18 pieces and their sum: each a distribution per KPI, per service,
/// and per step and KPI. A piece is read anew when a flush has added to its time, and at once, so nothing here is ever stale. One caller
/// at a time.
/// </summary>
internal sealed class CommittedPieces
{
    private Kept? kept;

    /// <summary>All that the view has committed in the window. To be added up, not to be changed.</summary>
    public async Task<WindowTotals> ReadAsync(RollupView view, WindowFrame frame, RulesInForce rules, CancellationToken cancellation)
    {
        if (kept is { } known && known.Mark == view.Mark && known.Frame == frame && known.Rules == rules
            && known.Presence == rules.Roles.PresenceOf(frame.Tier).Version)
        {
            return known.Sum;
        }

        var pieces = PiecesOf(view, frame, rules);
        if (rules.Roles.HasMetrics)
        {
            // What metrics turn out to tell of takes spans out of pieces that are kept.
            await LookForMetricsAsync(view, frame, rules, pieces, cancellation).ConfigureAwait(false);
        }

        // What is noted while pieces are chosen and read may not be in them: then the next who asks sees a later version.
        var presence = rules.Roles.PresenceOf(frame.Tier).Version;
        pieces = PiecesOf(view, frame, rules);
        var missing = pieces.Where(p => p.Missing is not null).Select(p => rules.NewTotals(frame.Part(p.Missing!.Value))).ToList();
        var router = new PieceRouter(missing, rules.Roles);
        foreach (var run in RunsOf(missing.Select(m => m.Frame.Range)))
        {
            await view.ReadCommittedAsync(frame.Query(run), router, cancellation).ConfigureAwait(false);
        }

        return router.Overlaps
            ? await ReadWholeAsync(view, frame, rules, presence, cancellation).ConfigureAwait(false)
            : Keep(new Kept(rules, view.Mark, presence, frame, [], rules.NewTotals(frame)), pieces, missing);
    }

    private List<Piece> PiecesOf(RollupView view, WindowFrame frame, RulesInForce rules)
    {
        var usable = Usable(view, frame, rules);
        return [.. frame.Pieces().Select(range => usable.GetValueOrDefault(range.First) is { } old && old.Frame.Range.Last.Number <= range.Last.Number
            ? new Piece(range, old, old.Frame.Range.Last.Number < range.Last.Number ? range with { First = old.Frame.Range.Last.Plus(1) } : null)
            : new Piece(range, null, range))];
    }

    private static async Task LookForMetricsAsync(
        RollupView view, WindowFrame frame, RulesInForce rules, List<Piece> pieces, CancellationToken cancellation)
    {
        var presence = rules.Roles.PresenceOf(frame.Tier);
        var metrics = new PresenceVisitor(rules.Roles, presence);
        foreach (var run in RunsOf(pieces.Select(p => p.Missing).OfType<SliceRange>()))
        {
            await view.ReadCommittedAsync(frame.Query(presence.Around(run)) with { Only = rules.Roles.Metrics }, metrics, cancellation).ConfigureAwait(false);
        }
    }

    // By where they begin: pieces of the same steps in which nothing has changed.
    private Dictionary<Slice, WindowTotals> Usable(RollupView view, WindowFrame frame, RulesInForce rules)
    {
        if (kept is not { } old || old.Rules != rules || old.Frame.SlicesPerStep != frame.SlicesPerStep || view.ChangedSince(old.Mark) is not { } changed
            || rules.Roles.PresenceOf(frame.Tier).ChangedSince(old.Presence) is not { } told)
        {
            return [];
        }

        changed = [.. changed, .. told];
        return old.Pieces.Where(p => !changed.Any(c => Overlap(c, p.Frame.Range))).ToDictionary(p => p.Frame.Range.First);
    }

    private WindowTotals Keep(Kept now, List<Piece> pieces, List<WindowTotals> missing)
    {
        var read = new Queue<WindowTotals>(missing);
        var whole = pieces.ConvertAll(p => p.Missing is null ? p.Old! : p.Old is null ? read.Dequeue() : Joined(p, read.Dequeue()));
        whole.ForEach(now.Sum.Add);
        kept = now with { Pieces = whole };
        return now.Sum;

        WindowTotals Joined(Piece piece, WindowTotals rest)
        {
            var joined = now.Rules.NewTotals(now.Frame.Part(piece.Range));
            joined.Add(piece.Old!);
            joined.Add(rest);
            return joined;
        }
    }

    // Where finer tiers had to be dropped for space, a cell may lie across two pieces. Then there are none until the next drop.
    private async Task<WindowTotals> ReadWholeAsync(
        RollupView view, WindowFrame frame, RulesInForce rules, long presence, CancellationToken cancellation)
    {
        var sum = rules.NewTotals(frame);
        await view.ReadCommittedAsync(frame.Query(frame.Range), sum, cancellation).ConfigureAwait(false);
        kept = new Kept(rules, view.Mark, presence, frame, [], sum);
        return sum;
    }

    // Neighbours are read together: a tile of the store holds hours or days.
    private static IEnumerable<SliceRange> RunsOf(IEnumerable<SliceRange> missing)
    {
        SliceRange? run = null;
        foreach (var range in missing)
        {
            if (run is { } open && open.Last.Plus(1) != range.First)
            {
                yield return open;
                run = null;
            }

            run = new SliceRange(run?.First ?? range.First, range.Last);
        }

        if (run is { } left)
        {
            yield return left;
        }
    }

    private static bool Overlap(SliceRange a, SliceRange b) => a.First.Number <= b.Last.Number && b.First.Number <= a.Last.Number;

    private sealed record Kept(RulesInForce Rules, CommittedMark Mark, long Presence, WindowFrame Frame, IReadOnlyList<WindowTotals> Pieces, WindowTotals Sum);

    /// <summary>A piece as it is to be: what is kept of it, and what is to be read.</summary>
    private sealed record Piece(SliceRange Range, WindowTotals? Old, SliceRange? Missing);
}

/// <summary>Hands each cell to the piece in which it lies.</summary>
/// <param name="pieces">In the order of time.</param>
/// <param name="roles">What is wanted.</param>
internal sealed class PieceRouter(IReadOnlyList<WindowTotals> pieces, SeriesRoles roles) : ICellVisitor
{
    private int newest;

    /// <summary>A cell lay across pieces and is in none.</summary>
    public bool Overlaps { get; private set; }

    public bool Wants(Series series) => roles.Of(series).IsCounted;

    public void Visit(Series series, SliceRange span, DistributionCell cell) => PieceOf(span)?.Visit(series, span, cell);

    public void Visit(Series series, SliceRange span, CounterCell cell) => PieceOf(span)?.Visit(series, span, cell);

    public void Visit(Series series, SliceRange span, HistogramCell cell) => PieceOf(span)?.Visit(series, span, cell);

    // Cells come by time, mostly: the piece of the last one is looked at first.
    private WindowTotals? PieceOf(SliceRange span)
    {
        for (var i = 0; i < pieces.Count; i++)
        {
            var range = pieces[(newest + i) % pieces.Count].Frame.Range;
            if (range.Contains(span.First))
            {
                newest = (newest + i) % pieces.Count;
                Overlaps |= !range.Contains(span.Last);
                return range.Contains(span.Last) ? pieces[newest] : null;
            }
        }

        return null;
    }
}
