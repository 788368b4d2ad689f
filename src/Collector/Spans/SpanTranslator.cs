using Kpi.Collector.Lookup;
using Kpi.Collector.Otlp;
using Kpi.Rollups.Intake;
using Kpi.Rollups.Lanes;
using Kpi.Rollups.Time;

namespace Kpi.Collector.Spans;

/// <summary>Turns a span into a sample, or says why not.</summary>
internal sealed class SpanTranslator(SpanSeries series)
{
    /// <summary>Adds the span's sample to the batch. False when its series is new and <paramref name="create"/> is not set: nothing was added.</summary>
    public bool TryAdd(in SpanFacts span, int resource, IntakeLimits limits, bool create, SampleBatch batch, Span<byte> room, ref ItemTally tally)
    {
        if (Validate(in span, limits) is { } reason)
        {
            tally.Reject(reason);
            return true;
        }

        if (SpanClass.Of(in span) is not { } metric)
        {
            return true;
        }

        var slot = series.Find(in span, metric, resource, create, room, ref tally);
        if (slot < 0)
        {
            if (slot == SpanSeries.Unknown)
            {
                return false;
            }

            tally.Reject(RejectReason.InvalidUtf8);
            return true;
        }

        var weight = span.TraceState.IsEmpty ? DurationSample.One : SamplingWeight.Of(span.TraceState);
        batch.Add(new DurationSample(DurationOf(in span, ref tally), slot, Slice.Of(new UnixNanos((long)span.End)).Number, weight));
        return true;
    }

    private static RejectReason? Validate(in SpanFacts span, IntakeLimits limits)
    {
        if (!span.HasValidTraceId || !span.HasValidSpanId)
        {
            return RejectReason.InvalidId;
        }

        if (!span.IsUtf8)
        {
            return RejectReason.InvalidUtf8;
        }

        if (span.End == 0)
        {
            return RejectReason.NoTime;
        }

        return span.End > (ulong)limits.Latest ? RejectReason.TooFarAhead
            : span.End < (ulong)limits.Earliest ? RejectReason.TooOld
            : null;
    }

    private static long DurationOf(in SpanFacts span, ref ItemTally tally)
    {
        if (span.Start == 0)
        {
            tally.Count(RejectReason.NoStartTime);
            return DurationSample.Valueless;
        }

        if (span.End < span.Start)
        {
            tally.Count(RejectReason.EndBeforeStart);
            return DurationSample.Valueless;
        }

        return (long)(span.End - span.Start);
    }
}
