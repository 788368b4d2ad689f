using Kpi.Rollups;
using Kpi.Rollups.Coverage;
using Kpi.Rollups.Intake;
using Kpi.Rollups.Time;
using Kpi.SloEngine.Status;

namespace Kpi.SloEngine.Evaluation;

/// <summary>
/// Evaluates one window, again and again. The committed part is kept in pieces, of which those are read anew that a flush has changed;
/// what is not committed yet comes on top each time, so an answer contains all that was acknowledged before it was asked for. One
/// evaluation at a time; calls that wait together share one.
/// </summary>
internal sealed class WindowEvaluator(StatusWindow window, Rollup rollup, StatusContext context, TimeProvider clock) : IDisposable
{
    private readonly SemaphoreSlim one = new(1, 1);
    private readonly CommittedPieces committed = new();
    private long asked;
    private long answered;
    private WindowStatus? last;

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
        var frame = window.At(now);
        var totals = rules.NewTotals(frame);
        await using (var view = await rollup.Reader.OpenAsync(cancellation).ConfigureAwait(false))
        {
            if (rules.Roles.HasMetrics)
            {
                var presence = rules.Roles.PresenceOf(frame.Tier);
                await view.ReadUncommittedAsync(presence.Around(frame.Range), new PresenceVisitor(rules.Roles, presence)).ConfigureAwait(false);
            }

            var kept = await committed.ReadAsync(view, frame, rules, cancellation).ConfigureAwait(false);
            await view.ReadUncommittedAsync(frame.Range, totals).ConfigureAwait(false);
            totals.Add(kept);
        }

        return StatusOf(rules, totals, now);
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

    private WindowStatus StatusOf(RulesInForce rules, WindowTotals totals, UnixNanos now)
    {
        var definitions = rules.Status.Current;
        var tiers = definitions.Tiers;
        var (frame, range) = (totals.Frame, totals.Frame.Range);
        var coverage = rollup.Coverage.Over(range);
        var ours = coverage.Steps([], oursToo: true, frame.SlicesPerStep, frame.LineFirst);
        return new WindowStatus(
            context.NextVersion(),
            now.ToDateTimeOffset(),
            window.Name,
            range.From.ToDateTimeOffset(),
            range.To.ToDateTimeOffset(),
            coverage.Watermark?.ToDateTimeOffset(),
            (int)(frame.SlicesPerStep * Slice.Length).TotalSeconds,
            new TierStatus(tiers.Users, tiers.Current.Id, tiers.Next?.Id),
            [.. definitions.Kpis.Kpis.Select((kpi, i) => CoverageEvaluation.Apply(
                KpiEvaluation.Evaluate(kpi, tiers, totals.Kpis[i]), kpi, tiers, rules.Roles.Sources.Steps(i, coverage, frame)))],
            [.. totals.Services.OrderBy(s => s.Key, StringComparer.Ordinal)
                .Select(s => CoverageEvaluation.Apply(ServiceEvaluation.Evaluate(s.Key, s.Value, frame, now), ours))],
            IngestOf(rollup),
            [.. context.Problems.Select(p => new ProblemStatus(p.File, p.Line, p.Column, p.Message))],
            context.Build)
        {
            LineFrom = frame.LineFrom.ToDateTimeOffset(),
        };
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
}
