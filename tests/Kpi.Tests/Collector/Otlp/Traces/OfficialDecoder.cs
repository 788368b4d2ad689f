using Google.Protobuf;
using Kpi.Witness;

namespace Kpi.Tests.Collector.Otlp.Traces;

/// <summary>Google's decoder as judge of bodies.</summary>
internal static class OfficialDecoder
{
    /// <summary>Spans in the body; null when it is malformed.</summary>
    public static int? Spans(byte[] body)
    {
        try
        {
            return ExportTraceServiceRequest.Parser.ParseFrom(body).ResourceSpans.Sum(r => r.ScopeSpans.Sum(s => s.Spans.Count));
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }
}
