namespace Kpi.Collector.Admission;

/// <summary>A request's body, read to its end and inflated; valid until it is answered.</summary>
/// <param name="AsReceived">As it came, compressed or not.</param>
/// <param name="Inflated">The message; the same memory when it came uncompressed.</param>
/// <param name="Encoding">How it came.</param>
/// <param name="Peer">Who sent it.</param>
internal readonly record struct ReceivedBody(
    ReadOnlyMemory<byte> AsReceived, ReadOnlyMemory<byte> Inflated, BodyEncoding Encoding, Peer Peer);

/// <summary>How a body is compressed. The numbers are stored in the journal.</summary>
internal enum BodyEncoding : byte
{
    /// <summary>Not at all.</summary>
    Identity = 0,

    /// <summary>RFC 1952.</summary>
    Gzip = 1,
}
