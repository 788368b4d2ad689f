using Kpi.Collector.Lookup;
using Kpi.Collector.Otlp;
using Kpi.Rollups.Intake;

namespace Kpi.Collector.Spans;

/// <summary>Brings a label's value into the form in which it is counted.</summary>
internal static class LabelValue
{
    /// <summary>The value that counts for a slot of a span.</summary>
    public static ReadOnlySpan<byte> Of(Slot slot, in SpanFacts span, SpanMetric metric, ref ItemTally tally)
    {
        var text = span[slot];
        if (text.Length > IntakeLimits.MostLabelBytes)
        {
            tally.Count(RejectReason.LongLabelValue);
            return IntakeLimits.Other;
        }

        return slot switch
        {
            Slot.Method => KnownMethod(text),
            Slot.ErrorType when text.IsEmpty && IsUnexplainedError(in span, metric) => IntakeLimits.Other,
            Slot.RpcStatus when text.IsEmpty && metric.HasGrpcStatus && span.GrpcStatus != SpanFacts.NoStatus => GrpcStatusName.Of(span.GrpcStatus),
            _ => text,
        };
    }

    // A span marked as failed without error.type. A status of 400 and up explains itself, by the rules for 4xx and 5xx, and so does
    // a gRPC status.
    private static bool IsUnexplainedError(in SpanFacts span, SpanMetric metric) =>
        span.HasError
        && !(metric.HasHttpStatus && span.HttpStatus >= 400)
        && !(metric.HasGrpcStatus && (span.GrpcStatus > 0 || span.Has(Slot.RpcStatus)));

    // http.request.method is a closed list (RFC 9110, PATCH, QUERY); anything else is _OTHER, or senders could make series at will.
    private static ReadOnlySpan<byte> KnownMethod(ReadOnlySpan<byte> method) => method switch
    {
        _ when method.SequenceEqual("GET"u8) => method,
        _ when method.SequenceEqual("POST"u8) => method,
        _ when method.SequenceEqual("PUT"u8) => method,
        _ when method.SequenceEqual("DELETE"u8) => method,
        _ when method.SequenceEqual("PATCH"u8) => method,
        _ when method.SequenceEqual("HEAD"u8) => method,
        _ when method.SequenceEqual("OPTIONS"u8) => method,
        _ when method.SequenceEqual("CONNECT"u8) => method,
        _ when method.SequenceEqual("TRACE"u8) => method,
        _ when method.SequenceEqual("QUERY"u8) => method,
        _ => IntakeLimits.Other,
    };
}
