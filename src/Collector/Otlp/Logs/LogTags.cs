using Kpi.Collector.Protobuf;

namespace Kpi.Collector.Otlp.Logs;

/// <summary>
/// Tags (<c>number &lt;&lt; 3 | wire type</c>) of a log record. Its ids are not read: when they are not valid the record is one of no
/// trace, and counts all the same.
/// Source: opentelemetry-proto at ac2c4b5: logs/v1/logs.proto.
/// </summary>
internal static class LogTags
{
    public const uint Time = (1 << 3) | WireType.Fixed64;
    public const uint SeverityNumber = (2 << 3) | WireType.Varint;
    public const uint SeverityText = (3 << 3) | WireType.Bytes;
    public const uint Body = (5 << 3) | WireType.Bytes;
    public const uint Attributes = (6 << 3) | WireType.Bytes;
    public const uint ObservedTime = (11 << 3) | WireType.Fixed64;
    public const uint EventName = (12 << 3) | WireType.Bytes;
}
