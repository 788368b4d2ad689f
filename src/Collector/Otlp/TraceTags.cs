using Kpi.Collector.Protobuf;

namespace Kpi.Collector.Otlp;

/// <summary>
/// Tags (<c>number &lt;&lt; 3 | wire type</c>) of the messages of an OTLP trace request.
/// Source: opentelemetry-proto at ac2c4b5: collector/trace/v1/trace_service.proto, trace/v1/trace.proto,
/// resource/v1/resource.proto, common/v1/common.proto.
/// </summary>
internal static class TraceTags
{
    public static class Request
    {
        public const uint ResourceSpans = (1 << 3) | WireType.Bytes;
    }

    public static class ResourceSpans
    {
        public const uint Resource = (1 << 3) | WireType.Bytes;
        public const uint ScopeSpans = (2 << 3) | WireType.Bytes;
        public const uint SchemaUrl = (3 << 3) | WireType.Bytes;
    }

    public static class Resource
    {
        public const uint Attributes = (1 << 3) | WireType.Bytes;
        public const uint EntityRefs = (3 << 3) | WireType.Bytes;
    }

    public static class EntityRef
    {
        public const uint SchemaUrl = (1 << 3) | WireType.Bytes;
        public const uint Type = (2 << 3) | WireType.Bytes;
        public const uint IdKeys = (3 << 3) | WireType.Bytes;
        public const uint DescriptionKeys = (4 << 3) | WireType.Bytes;
    }

    public static class ScopeSpans
    {
        public const uint Scope = (1 << 3) | WireType.Bytes;
        public const uint Spans = (2 << 3) | WireType.Bytes;
        public const uint SchemaUrl = (3 << 3) | WireType.Bytes;
    }

    public static class Scope
    {
        public const uint Name = (1 << 3) | WireType.Bytes;
        public const uint Version = (2 << 3) | WireType.Bytes;
        public const uint Attributes = (3 << 3) | WireType.Bytes;
    }

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

    public static class KeyValue
    {
        public const uint Key = (1 << 3) | WireType.Bytes;
        public const uint Value = (2 << 3) | WireType.Bytes;
    }

    public static class AnyValue
    {
        public const uint String = (1 << 3) | WireType.Bytes;
        public const uint Bool = (2 << 3) | WireType.Varint;
        public const uint Int = (3 << 3) | WireType.Varint;
        public const uint Double = (4 << 3) | WireType.Fixed64;
        public const uint Array = (5 << 3) | WireType.Bytes;
        public const uint KeyValueList = (6 << 3) | WireType.Bytes;
        public const uint Bytes = (7 << 3) | WireType.Bytes;
    }

    public static class ArrayOrList
    {
        public const uint Values = (1 << 3) | WireType.Bytes;
    }
}
