using Kpi.Rollups;
using Kpi.Rollups.Coverage;
using Kpi.Rollups.Intake;
using Kpi.Rollups.Reading;
using Kpi.Rollups.Time;
using Kpi.SloEngine.Status;

namespace Kpi.SloEngine.Evaluation;

/// <summary>
/// Evaluates one window, again and again. The committed part is read once per flush and slice edge and kept; what is not
/// committed yet comes on top each time, so an answer contains all that was acknowledged before it was asked for. One
/// evaluation at a time; calls that wait together share one.
/// </summary>
internal sealed class WindowEvaluator(StatusWindow window, Rollup rollup, StatusContext context, TimeProvider clock) : IDisposable
{
    private readonly SemaphoreSlim one = new(1, 1);
    private long asked;
    private long answered;
    private WindowStatus? last;
    private CommittedPart? kept;

    public async Task<WindowStatus> EvaluateAsync(CancellationToken cancellation)
    {
        var ticket = Interlocked.Increment(ref asked);
        await one.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            // Somebody's evaluation began after this call was made: its answer will do.
            if (last is not null && answered >= ticket)
            {
                return last;
            }

            var upTo = Interlocked.Read(ref asked);
            last = await EvaluateOnceAsync(cancellation).ConfigureAwait(false);
            answered = upTo;
            return last;
        }
        finally
        {
            one.Release();
        }
    }

    public void Dispose() => one.Dispose();

    private async Task<WindowStatus> EvaluateOnceAsync(CancellationToken cancellation)
    {
        var rules = context.Rules;
        await RestoreAsync(rules.Roles, cancellation).ConfigureAwait(false);
        var now = UnixNanos.Now(clock);
        var range = SliceRange.EndingAt(now, window.Length);
        var total = NewTotals();
        if (kept is not { } part || part.Range != range || part.Rules != rules
            || !await rollup.Reader.TryReadUncommittedAsync(range, part.Mark, total, cancellation).ConfigureAwait(false))
        {
            // Either nothing is kept that fits, or a flush came in between; in both cases the total may hold a part already.
            total = NewTotals();
            var committed = NewTotals();
            var mark = await rollup.Reader.ReadAsync(range, committed, total, cancellation).ConfigureAwait(false);
            kept = part = new CommittedPart(range, rules, mark, committed);
        }

        total.Add(part.Totals);
        return StatusOf(rules, total, range, now);

        WindowTotals NewTotals() => new(rules.Roles, rules.Status.Current.Kpis.Kpis.Count, range, window.SlicesPerStep);
    }

    private async Task RestoreAsync(SeriesRoles roles, CancellationToken cancellation)
    {
        if (!roles.TryBeginRestore())
        {
            return;
        }

        try
        {
            await rollup.Reader.FindSeriesAsync(roles.Remember, cancellation).ConfigureAwait(false);
        }
        catch
        {
            roles.GiveUpRestore();
            throw;
        }
    }

    private WindowStatus StatusOf(RulesInForce rules, WindowTotals totals, SliceRange range, UnixNanos now)
    {
        var definitions = rules.Status.Current;
        var tiers = definitions.Tiers;
        var step = window.SlicesPerStep * Slice.Length;
        var coverage = rollup.Coverage.Over(range);
        var ours = coverage.Steps([], oursToo: true, window.SlicesPerStep);
        return new WindowStatus(
            context.NextVersion(),
            now.ToDateTimeOffset(),
            window.Name,
            range.From.ToDateTimeOffset(),
            range.To.ToDateTimeOffset(),
            coverage.Watermark?.ToDateTimeOffset(),
            (int)step.TotalSeconds,
            new TierStatus(tiers.Users, tiers.Current.Id, tiers.Next?.Id),
            [.. definitions.Kpis.Kpis.Select((kpi, i) => CoverageEvaluation.Apply(
                KpiEvaluation.Evaluate(kpi, tiers, totals.Kpis[i]), kpi, tiers, rules.Roles.Sources.Steps(i, coverage, window.SlicesPerStep)))],
            [.. totals.Services.OrderBy(s => s.Key, StringComparer.Ordinal)
                .Select(s => CoverageEvaluation.Apply(ServiceEvaluation.Evaluate(s.Key, s.Value, range, window.SlicesPerStep, now), ours))],
            IngestOf(rollup),
            [.. context.Problems.Select(p => new ProblemStatus(p.File, p.Line, p.Column, p.Message))],
            context.Build);
    }

    private IngestStatus IngestOf(Rollup rollup)
    {
        var intake = rollup.Intake;
        var counts = Enum.GetValues<RejectReason>().Where(r => intake[r] > 0).OrderByDescending(r => intake[r]).ToList();
        return new IngestStatus(
            intake.Accepted,
            [.. counts.Where(r => !IntakeTally.IsRemark(r)).Select(r => new ReasonCount(IntakeTally.NameOf(r), intake[r]))],
            [.. counts.Where(IntakeTally.IsRemark).Select(r => new ReasonCount(IntakeTally.NameOf(r), intake[r]))],
            rollup.Catalog.Count,
            rollup.Catalog.Limit,
            intake.LastReceived == 0 ? null : new UnixNanos(intake.LastReceived).ToDateTimeOffset(),
            context.Endpoints)
        {
            Sources = SourcesOf(rollup.Coverage),
        };
    }

    private static SourcesStatus SourcesOf(CoverageBook coverage)
    {
        var standings = coverage.Standings();
        return new SourcesStatus(
            standings[SourceStanding.Live],
            standings[SourceStanding.Unknown],
            standings[SourceStanding.Retired],
            [
                .. coverage.Unknown(SourcesStatus.MostSilent)
                    .Select(s => new SilentSource(s.Source.Name, s.Source.Instance, s.LastHeard.ToDateTimeOffset())),
            ]);
    }

    private sealed record CommittedPart(SliceRange Range, RulesInForce Rules, CommittedMark Mark, WindowTotals Totals);
}
