using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Kpi.Collector.Journal;

/// <summary>A record as it lies in a segment: a view that is valid while the reader stands on it.</summary>
internal readonly ref struct JournalRecord
{
    private readonly ReadOnlySpan<byte> bytes;

    private JournalRecord(ReadOnlySpan<byte> bytes, JournalEntry entry, int peer, int answer, ReadOnlyMemory<byte> body)
    {
        this.bytes = bytes;
        Entry = entry;
        Peer = bytes.Slice(JournalFormat.RecordHeadBytes, peer);
        Answer = bytes.Slice(JournalFormat.RecordHeadBytes + peer, answer);
        Body = body;
    }

    public JournalEntry Entry { get; }

    /// <summary>Who sent it, as text in UTF-8.</summary>
    public ReadOnlySpan<byte> Peer { get; }

    /// <summary>What the sender was told.</summary>
    public ReadOnlySpan<byte> Answer { get; }

    /// <summary>The body as received, compressed or not.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>Where the record begins.</summary>
    public long Position => BinaryPrimitives.ReadInt64LittleEndian(bytes[JournalFormat.Position..]);

    /// <summary>Where the next one may begin.</summary>
    public long End => Position + JournalFormat.RecordBytes(Peer.Length, Answer.Length, Body.Length);

    /// <summary>
    /// Writes everything before the body. <paramref name="head"/> has room for <see cref="JournalFormat.RecordHeadBytes"/> and both texts.
    /// </summary>
    public static void WriteHead(
        Span<byte> head, long position, in JournalEntry entry, ReadOnlySpan<byte> peer, ReadOnlySpan<byte> answer, int bodyLength, uint bodyChecksum)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(head, JournalFormat.RecordMagic);
        BinaryPrimitives.WriteInt64LittleEndian(head[JournalFormat.Position..], position);
        BinaryPrimitives.WriteInt64LittleEndian(head[JournalFormat.Received..], entry.Received);
        BinaryPrimitives.WriteUInt128LittleEndian(head[JournalFormat.Digest..], entry.Digest);
        BinaryPrimitives.WriteUInt32LittleEndian(head[JournalFormat.BodyChecksum..], bodyChecksum);
        BinaryPrimitives.WriteInt32LittleEndian(head[JournalFormat.BodyLength..], bodyLength);
        BinaryPrimitives.WriteUInt16LittleEndian(head[JournalFormat.AnswerLength..], (ushort)answer.Length);
        head[JournalFormat.PeerLength] = (byte)peer.Length;
        head[JournalFormat.Signal] = entry.Signal;
        head[JournalFormat.Encoding] = entry.Encoding;
        head[JournalFormat.Reserved..JournalFormat.RecordHeadBytes].Clear();
        peer.CopyTo(head[JournalFormat.RecordHeadBytes..]);
        answer.CopyTo(head[(JournalFormat.RecordHeadBytes + peer.Length)..]);
        var checkedBytes = head[JournalFormat.Position..(JournalFormat.RecordHeadBytes + peer.Length + answer.Length)];
        BinaryPrimitives.WriteUInt32LittleEndian(head[JournalFormat.HeadChecksum..], Checksum(checkedBytes));
    }

    /// <summary>
    /// The record that begins at <paramref name="offset"/> of a segment; false when there is none: another one's remains, a torn
    /// tail, or rot. A recycled segment holds old records, but none that says the position it is found at.
    /// </summary>
    public static bool TryRead(ReadOnlyMemory<byte> segment, int offset, long position, out JournalRecord record)
    {
        record = default;
        var bytes = segment.Span[offset..];
        if (bytes.Length < JournalFormat.RecordHeadBytes
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != JournalFormat.RecordMagic
            || BinaryPrimitives.ReadInt64LittleEndian(bytes[JournalFormat.Position..]) != position)
        {
            return false;
        }

        var peer = bytes[JournalFormat.PeerLength];
        var answer = BinaryPrimitives.ReadUInt16LittleEndian(bytes[JournalFormat.AnswerLength..]);
        var body = BinaryPrimitives.ReadInt32LittleEndian(bytes[JournalFormat.BodyLength..]);
        var texts = JournalFormat.RecordHeadBytes + peer + answer;
        if (body < 0 || body > bytes.Length - texts
            || Checksum(bytes[JournalFormat.Position..texts]) != BinaryPrimitives.ReadUInt32LittleEndian(bytes[JournalFormat.HeadChecksum..])
            || Checksum(bytes.Slice(texts, body)) != BinaryPrimitives.ReadUInt32LittleEndian(bytes[JournalFormat.BodyChecksum..]))
        {
            return false;
        }

        record = new JournalRecord(bytes, EntryOf(bytes), peer, answer, segment.Slice(offset + texts, body));
        return true;
    }

    /// <summary>CRC-32C (Castagnoli), which the processor computes; RFC 3720, appendix B.4 has its test values.</summary>
    public static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var sum = uint.MaxValue;
        foreach (var eight in MemoryMarshal.Cast<byte, ulong>(bytes))
        {
            sum = BitOperations.Crc32C(sum, eight);
        }

        foreach (var one in bytes[(bytes.Length & ~7)..])
        {
            sum = BitOperations.Crc32C(sum, one);
        }

        return ~sum;
    }

    private static JournalEntry EntryOf(ReadOnlySpan<byte> bytes) => new(
        bytes[JournalFormat.Signal],
        bytes[JournalFormat.Encoding],
        BinaryPrimitives.ReadInt64LittleEndian(bytes[JournalFormat.Received..]),
        BinaryPrimitives.ReadUInt128LittleEndian(bytes[JournalFormat.Digest..]));
}
