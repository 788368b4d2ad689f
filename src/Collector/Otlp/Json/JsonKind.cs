namespace Kpi.Collector.Otlp.Json;

/// <summary>How a field stands in JSON and on the wire.</summary>
internal enum JsonKind
{
    /// <summary>A message of its own: an object.</summary>
    Message,

    /// <summary>A string.</summary>
    Text,

    /// <summary>A trace or span id: hexadecimal digits, not base64.</summary>
    Id,

    /// <summary>Bytes in base64.</summary>
    Bytes,

    /// <summary>true or false.</summary>
    Bool,

    /// <summary>A number, or "NaN", "Infinity", "-Infinity".</summary>
    Double,

    /// <summary>Unsigned, 8 bytes.</summary>
    Fixed64,

    /// <summary>Signed, 8 bytes.</summary>
    SFixed64,

    /// <summary>Unsigned, 4 bytes.</summary>
    Fixed32,

    /// <summary>Signed, as varint of 64 bits.</summary>
    Int64,

    /// <summary>Unsigned, as varint.</summary>
    UInt64,

    /// <summary>Unsigned of 32 bits, as varint.</summary>
    UInt32,

    /// <summary>Signed of 32 bits, as zigzag varint.</summary>
    SInt32,

    /// <summary>A number of an enumeration; its name is taken too.</summary>
    Enum,
}
