namespace Kpi.Collector.Admission;

/// <summary>A request's body, read to its end and unpacked; valid until it is answered.</summary>
/// <param name="AsReceived">As it came: compressed or not, protobuf or JSON.</param>
/// <param name="Inflated">The message in protobuf; the same memory when it came so and uncompressed.</param>
/// <param name="Encoding">How it came.</param>
/// <param name="Peer">Who sent it.</param>
internal readonly record struct ReceivedBody(
    ReadOnlyMemory<byte> AsReceived, ReadOnlyMemory<byte> Inflated, BodyEncoding Encoding, Peer Peer);

/// <summary>What a body is written in and how it is compressed. The numbers are stored in the journal.</summary>
internal enum BodyEncoding : byte
{
    /// <summary>Protobuf, not compressed.</summary>
    Identity = 0,

    /// <summary>Protobuf, compressed by RFC 1952.</summary>
    Gzip = 1,

    /// <summary>Protobuf, compressed by RFC 1950: what HTTP calls deflate.</summary>
    Deflate = 2,

    /// <summary>JSON, not compressed.</summary>
    Json = 3,

    /// <summary>JSON, compressed by RFC 1952.</summary>
    JsonGzip = 4,

    /// <summary>JSON, compressed by RFC 1950.</summary>
    JsonDeflate = 5,
}
