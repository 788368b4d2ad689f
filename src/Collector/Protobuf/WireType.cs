namespace Kpi.Collector.Protobuf;

/// <summary>The low three bits of a tag. 6 and 7 do not exist.</summary>
internal static class WireType
{
    public const uint Varint = 0;
    public const uint Fixed64 = 1;
    public const uint Bytes = 2;
    public const uint StartGroup = 3;
    public const uint EndGroup = 4;
    public const uint Fixed32 = 5;
}
