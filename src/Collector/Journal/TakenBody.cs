using System.Buffers.Binary;

namespace Kpi.Collector.Journal;

/// <summary>A body that was taken: enough to know it again, and to give it its first answer.</summary>
internal readonly record struct TakenBody(UInt128 Digest, ReadOnlyMemory<byte> Answer);

/// <summary>
/// A file of taken bodies: what is left of a segment that the store has, for as long as its senders may come again. Head: CRC-32C of
/// the rest and how many; then each with its digest, the answer's length and the answer.
/// </summary>
internal static class TakenFile
{
    private const int HeadBytes = 8;
    private const int FixedBytes = 18;

    public static byte[] Write(IReadOnlyList<TakenBody> taken)
    {
        var bytes = new byte[HeadBytes + taken.Sum(t => FixedBytes + t.Answer.Length)];
        var at = HeadBytes;
        foreach (var (digest, answer) in taken)
        {
            BinaryPrimitives.WriteUInt128LittleEndian(bytes.AsSpan(at), digest);
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(at + 16), (ushort)answer.Length);
            answer.Span.CopyTo(bytes.AsSpan(at + FixedBytes));
            at += FixedBytes + answer.Length;
        }

        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), taken.Count);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, JournalRecord.Checksum(bytes.AsSpan(4)));
        return bytes;
    }

    /// <summary>The bodies of a file; none when it is not whole.</summary>
    public static IEnumerable<TakenBody> Read(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length < HeadBytes || BinaryPrimitives.ReadUInt32LittleEndian(bytes.Span) != JournalRecord.Checksum(bytes.Span[4..]))
        {
            yield break;
        }

        var count = BinaryPrimitives.ReadInt32LittleEndian(bytes.Span[4..]);
        for (var at = HeadBytes; count > 0; count--)
        {
            var length = BinaryPrimitives.ReadUInt16LittleEndian(bytes.Span[(at + 16)..]);
            yield return new TakenBody(BinaryPrimitives.ReadUInt128LittleEndian(bytes.Span[at..]), bytes.Slice(at + FixedBytes, length).ToArray());
            at += FixedBytes + length;
        }
    }
}
