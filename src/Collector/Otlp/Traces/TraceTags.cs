using Kpi.Collector.Protobuf;

namespace Kpi.Collector.Otlp.Traces;

/// <summary>
/// Tags (<c>number &lt;&lt; 3 | wire type</c>) of a span and its parts.
/// Source: opentelemetry-proto at ac2c4b5: trace/v1/trace.proto.
/// </summary>
internal static class TraceTags
{
    public static class Span
    {
        public const uint TraceId = (1 << 3) | WireType.Bytes;
        public const uint SpanId = (2 << 3) | WireType.Bytes;
        public const uint TraceState = (3 << 3) | WireType.Bytes;
        public const uint ParentSpanId = (4 << 3) | WireType.Bytes;
        public const uint Name = (5 << 3) | WireType.Bytes;
        public const uint Kind = (6 << 3) | WireType.Varint;
        public const uint StartTime = (7 << 3) | WireType.Fixed64;
        public const uint EndTime = (8 << 3) | WireType.Fixed64;
        public const uint Attributes = (9 << 3) | WireType.Bytes;
        public const uint Events = (11 << 3) | WireType.Bytes;
        public const uint Links = (13 << 3) | WireType.Bytes;
        public const uint Status = (15 << 3) | WireType.Bytes;
    }

    public static class Event
    {
        public const uint Name = (2 << 3) | WireType.Bytes;
        public const uint Attributes = (3 << 3) | WireType.Bytes;
    }

    public static class Link
    {
        public const uint TraceState = (3 << 3) | WireType.Bytes;
        public const uint Attributes = (4 << 3) | WireType.Bytes;
    }

    public static class Status
    {
        public const uint Message = (2 << 3) | WireType.Bytes;
        public const uint Code = (3 << 3) | WireType.Varint;
    }
}
