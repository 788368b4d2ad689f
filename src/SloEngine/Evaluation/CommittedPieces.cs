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
        if (kept is { } known && known.Mark == view.Mark && known.Frame == frame && known.Rules == rules)
        {
            return known.Sum;
        }

        var usable = Usable(view, frame, rules);
        var pieces = frame.Pieces().Select(range => usable.GetValueOrDefault(range.First) is { } old && old.Frame.Range.Last.Number <= range.Last.Number
            ? new Piece(range, old, old.Frame.Range.Last.Number < range.Last.Number ? range with { First = old.Frame.Range.Last.Plus(1) } : null)
            : new Piece(range, null, range)).ToList();
        var missing = pieces.Where(p => p.Missing is not null).Select(p => rules.NewTotals(frame.Part(p.Missing!.Value))).ToList();
        var router = new PieceRouter(missing, rules.Roles);
        foreach (var run in RunsOf(missing))
        {
            await view.ReadCommittedAsync(frame.Query(run), router, cancellation).ConfigureAwait(false);
        }

        return router.Overlaps
            ? await ReadWholeAsync(view, frame, rules, cancellation).ConfigureAwait(false)
            : Keep(view.Mark, frame, rules, pieces, missing);
    }

    // By where they begin: pieces of the same steps in which nothing has changed.
    private Dictionary<Slice, WindowTotals> Usable(RollupView view, WindowFrame frame, RulesInForce rules)
    {
        if (kept is not { } old || old.Rules != rules || old.Frame.SlicesPerStep != frame.SlicesPerStep || view.ChangedSince(old.Mark) is not { } changed)
        {
            return [];
        }

        return old.Pieces.Where(p => !changed.Any(c => Overlap(c, p.Frame.Range))).ToDictionary(p => p.Frame.Range.First);
    }

    private WindowTotals Keep(CommittedMark mark, WindowFrame frame, RulesInForce rules, List<Piece> pieces, List<WindowTotals> missing)
    {
        var read = new Queue<WindowTotals>(missing);
        var whole = pieces.ConvertAll(p => p.Missing is null ? p.Old! : p.Old is null ? read.Dequeue() : Joined(p, read.Dequeue()));
        var sum = rules.NewTotals(frame);
        whole.ForEach(sum.Add);
        kept = new Kept(rules, mark, frame, whole, sum);
        return sum;

        WindowTotals Joined(Piece piece, WindowTotals rest)
        {
            var joined = rules.NewTotals(frame.Part(piece.Range));
            joined.Add(piece.Old!);
            joined.Add(rest);
            return joined;
        }
    }

    // Where finer tiers had to be dropped for space, a cell may lie across two pieces. Then there are none until the next drop.
    private async Task<WindowTotals> ReadWholeAsync(RollupView view, WindowFrame frame, RulesInForce rules, CancellationToken cancellation)
    {
        var sum = rules.NewTotals(frame);
        await view.ReadCommittedAsync(frame.Query(frame.Range), sum, cancellation).ConfigureAwait(false);
        kept = new Kept(rules, view.Mark, frame, [], sum);
        return sum;
    }

    // Neighbours are read together: a tile of the store holds hours or days.
    private static IEnumerable<SliceRange> RunsOf(List<WindowTotals> missing)
    {
        SliceRange? run = null;
        foreach (var range in missing.Select(m => m.Frame.Range))
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

    private sealed record Kept(RulesInForce Rules, CommittedMark Mark, WindowFrame Frame, IReadOnlyList<WindowTotals> Pieces, WindowTotals Sum);

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
