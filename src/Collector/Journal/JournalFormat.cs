namespace Kpi.Collector.Journal;

/// <summary>Byte layout of journal segments; drawn in <c>docs/formats/journal.md</c>. Little-endian.</summary>
internal static class JournalFormat
{
    /// <summary>First eight bytes of a segment: <c>KPIJRNL1</c>.</summary>
    public const ulong SegmentMagic = 0x314C4E524A49504B;

    /// <summary>Magic, first position and checksum; the rest is room for later versions.</summary>
    public const int SegmentHeadBytes = 64;

    /// <summary>First four bytes of a record: <c>KPJR</c>.</summary>
    public const uint RecordMagic = 0x524A504B;

    /// <summary>The fixed part of a record, before peer, answer and body.</summary>
    public const int RecordHeadBytes = 64;

    /// <summary>Records begin at multiples of this, so that a reader who lost its way tries few places.</summary>
    public const int Alignment = 8;

    /// <summary>A peer is an address and a port, behind the name of its token if that has one; one that is longer is left out.</summary>
    public const int MostPeerBytes = byte.MaxValue;

    /// <summary>An answer is an export response with one message.</summary>
    public const int MostAnswerBytes = ushort.MaxValue;

    public const int HeadChecksum = 4;
    public const int Position = 8;
    public const int Received = 16;
    public const int Digest = 24;
    public const int BodyChecksum = 40;
    public const int BodyLength = 44;
    public const int AnswerLength = 48;
    public const int PeerLength = 50;
    public const int Signal = 51;
    public const int Encoding = 52;
    public const int Reserved = 53;

    /// <summary>What a record takes in its segment, padding included.</summary>
    public static long RecordBytes(int peerBytes, int answerBytes, int bodyBytes) =>
        Aligned(RecordHeadBytes + (long)peerBytes + answerBytes + bodyBytes);

    public static long Aligned(long bytes) => (bytes + Alignment - 1) & -Alignment;
}
