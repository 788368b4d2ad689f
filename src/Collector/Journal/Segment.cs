using System.Buffers.Binary;

namespace Kpi.Collector.Journal;

/// <summary>A segment being written, or one that is kept until the store has what it holds. Owned by the writer.</summary>
internal sealed class Segment(string name, long first)
{
    /// <summary>Its file; spare ones are renamed.</summary>
    public string Name { get; } = name;

    /// <summary>Position of its first record.</summary>
    public long First { get; } = first;

    /// <summary>Position behind its last good record.</summary>
    public long End { get; set; } = first;

    /// <summary>When its last record came, on the process's clock; for segments found at the start, the start.</summary>
    public TimeSpan LastUsed { get; set; }

    /// <summary>The bodies in it, by what they are known by. Bounded by the segment's bytes: a record has at least 64.</summary>
    public List<TakenBody> Taken { get; } = [];

    public static byte[] HeadOf(long first)
    {
        var head = new byte[JournalFormat.SegmentHeadBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(head, JournalFormat.SegmentMagic);
        BinaryPrimitives.WriteInt64LittleEndian(head.AsSpan(8), first);
        BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(16), JournalRecord.Checksum(head.AsSpan(0, 16)));
        return head;
    }

    /// <summary>The first position of a segment whose head is whole; null for anything else.</summary>
    public static long? FirstOf(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= JournalFormat.SegmentHeadBytes
        && BinaryPrimitives.ReadUInt64LittleEndian(bytes) == JournalFormat.SegmentMagic
        && BinaryPrimitives.ReadUInt32LittleEndian(bytes[16..]) == JournalRecord.Checksum(bytes[..16])
            ? BinaryPrimitives.ReadInt64LittleEndian(bytes[8..])
            : null;
}
