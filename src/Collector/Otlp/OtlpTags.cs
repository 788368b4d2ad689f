using Kpi.Collector.Protobuf;

namespace Kpi.Collector.Otlp;

/// <summary>
/// Tags (<c>number &lt;&lt; 3 | wire type</c>) that all signals share: the envelope of resources and scopes, and attributes.
/// Source: opentelemetry-proto at ac2c4b5: collector/*/v1/*_service.proto, trace/v1/trace.proto, metrics/v1/metrics.proto,
/// logs/v1/logs.proto, resource/v1/resource.proto, common/v1/common.proto.
/// </summary>
internal static class OtlpTags
{
    /// <summary>The request, <c>ResourceX</c> and <c>ScopeX</c>: the same numbers in each signal.</summary>
    public static class Envelope
    {
        public const uint Resources = (1 << 3) | WireType.Bytes;
        public const uint Resource = (1 << 3) | WireType.Bytes;
        public const uint Scopes = (2 << 3) | WireType.Bytes;
        public const uint Scope = (1 << 3) | WireType.Bytes;
        public const uint Items = (2 << 3) | WireType.Bytes;
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

    public static class Scope
    {
        public const uint Name = (1 << 3) | WireType.Bytes;
        public const uint Version = (2 << 3) | WireType.Bytes;
        public const uint Attributes = (3 << 3) | WireType.Bytes;
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
