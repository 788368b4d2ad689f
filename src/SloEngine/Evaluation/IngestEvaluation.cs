using Kpi.Rollups;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Intake;
using Kpi.Rollups.Time;
using Kpi.SloEngine.Status;

namespace Kpi.SloEngine.Evaluation;

/// <summary>
/// Turns what is known of senders and series into a report. Counting labels looks at every series, so a count serves all who ask within
/// <see cref="CensusLasts"/>; the rest is of the moment. One at a time.
/// </summary>
internal sealed class IngestEvaluation(Rollup rollup, IngestEndpoints endpoints, TimeProvider clock)
{
    public static readonly TimeSpan CensusLasts = TimeSpan.FromSeconds(5);

    // Below, a clock that is wrong looks like a sender that waits for its batch to fill.
    private static readonly TimeSpan LeastSkew = TimeSpan.FromSeconds(2);

    private readonly Lock gate = new();
    private IReadOnlyList<MetricStatus> metrics = [];
    private long? counted;

    public IngestReport Read()
    {
        var now = UnixNanos.Now(clock);
        var intake = rollup.Intake;
        var reasons = Enum.GetValues<RejectReason>().Where(r => intake[r] > 0).ToDictionary(r => r, r => intake[r]);
        var senders = rollup.Senders.Read(now.Value);
        return new IngestReport(
            new UnixNanos(rollup.Senders.Since).ToDateTimeOffset(),
            now.ToDateTimeOffset(),
            rollup.Coverage.Over(SliceRange.EndingAt(now, Slice.Length)).Watermark?.ToDateTimeOffset(),
            intake.LastReceived == 0 ? null : new UnixNanos(intake.LastReceived).ToDateTimeOffset(),
            [.. senders.OrderByDescending(AtFault).ThenByDescending(s => s.ItemsPerSecond).ThenByDescending(s => s.LastHeard)
                .ThenBy(s => s.Service, StringComparer.Ordinal).Take(IngestReport.MostSenders).Select(StatusOf)],
            Metrics())
        {
            SendersInAll = senders.Count,
            SendersForgotten = rollup.Senders.Forgotten,
            Series = rollup.Catalog.Count,
            SeriesLimit = rollup.Catalog.Limit,
            Refused = RefusedOf(reasons),
            Rejected = RejectedOf(reasons),
            Remarks = RemarksOf(reasons),
            Repeated = intake.Repeated,
            Journal = rollup.Journal.Read() is { } journal ? new JournalStatus(journal.HeldBytes, journal.LimitBytes, journal.Failures) : null,
            Uncommitted = new FillStatus(rollup.Lanes.UncommittedBytes, rollup.Limits.UncommittedBytes),
            Endpoints = endpoints,
        };
    }

    // A sender that was asked to try again did nothing wrong.
    private static long AtFault(SenderReading sender) =>
        sender.Reasons.Where(r => !IntakeTally.IsRemark(r.Key) && !IntakeTally.AsksToRetry(r.Key)).Sum(r => r.Value);

    private static SenderStatus StatusOf(SenderReading sender) => new(
        sender.Peer.Length == 0 ? null : sender.Peer,
        sender.Service.Length == 0 ? null : sender.Service,
        [.. sender.Signals.Select(s => s.ToString().ToLowerInvariant())],
        sender.ItemsPerSecond,
        sender.BytesPerSecond,
        sender.Items,
        new UnixNanos(sender.LastHeard).ToDateTimeOffset())
    {
        Bytes = sender.SentBytes,
        InflatedBytes = sender.InflatedBytes,
        Rejected = RejectedOf(sender.Reasons),
        Refused = RefusedOf(sender.Reasons),
        Remarks = RemarksOf(sender.Reasons),
        Repeated = sender.Repeated,
        ClockSkewSeconds = sender.ClockBehind is { } behind && behind.Duration() >= LeastSkew ? behind.TotalSeconds : null,
    };

    private static RefusedCount[] RefusedOf(IReadOnlyDictionary<RejectReason, long> reasons) =>
    [
        .. WorstFirst(reasons, IntakeTally.CountsRequests).Select(r => new RefusedCount(IntakeTally.NameOf(r.Key), r.Value, IntakeTally.AsksToRetry(r.Key))),
    ];

    private static ReasonCount[] RejectedOf(IReadOnlyDictionary<RejectReason, long> reasons) =>
        Counts(reasons, r => !IntakeTally.CountsRequests(r) && !IntakeTally.IsRemark(r));

    private static ReasonCount[] RemarksOf(IReadOnlyDictionary<RejectReason, long> reasons) => Counts(reasons, IntakeTally.IsRemark);

    private static ReasonCount[] Counts(IReadOnlyDictionary<RejectReason, long> reasons, Func<RejectReason, bool> wanted) =>
        [.. WorstFirst(reasons, wanted).Select(r => new ReasonCount(IntakeTally.NameOf(r.Key), r.Value))];

    private static IEnumerable<KeyValuePair<RejectReason, long>> WorstFirst(IReadOnlyDictionary<RejectReason, long> reasons, Func<RejectReason, bool> wanted) =>
        reasons.Where(r => wanted(r.Key)).OrderByDescending(r => r.Value).ThenBy(r => r.Key);

    private IReadOnlyList<MetricStatus> Metrics()
    {
        lock (gate)
        {
            if (counted is null || clock.GetElapsedTime(counted.Value) >= CensusLasts)
            {
                metrics = [.. SeriesCensus.Take(rollup.Catalog).Select(StatusOf)];
                counted = clock.GetTimestamp();
            }

            return metrics;
        }
    }

    private static MetricStatus StatusOf(MetricUse metric) => new(
        metric.Name,
        metric.Kind.ToString().ToLowerInvariant(),
        metric.Series,
        metric.Limit,
        metric.Overflowed,
        [.. metric.Labels.Select(l => new LabelStatus(l.Name, l.Values))]);
}
