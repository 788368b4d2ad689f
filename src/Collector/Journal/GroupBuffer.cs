namespace Kpi.Collector.Journal;

/// <summary>The parts of one write: heads in a buffer of its own, bodies where they lie. Grows to the largest group, which is bounded.</summary>
internal sealed class GroupBuffer
{
    private static readonly byte[] Padding = new byte[JournalFormat.Alignment];

    private readonly List<ReadOnlyMemory<byte>> parts = [];
    private byte[] heads = new byte[16 << 10];
    private int used;

    public IReadOnlyList<ReadOnlyMemory<byte>> Parts => parts;

    public void Clear()
    {
        parts.Clear();
        used = 0;
    }

    public void Add(JournalAppend record, long position)
    {
        var length = JournalFormat.RecordHeadBytes + record.Peer.Length + record.Answer.Length;
        if (used + length > heads.Length)
        {
            // Parts that were added keep the old buffer alive until they are written.
            heads = new byte[Math.Max(heads.Length * 2, length)];
            used = 0;
        }

        var head = heads.AsMemory(used, length);
        used += length;
        var body = record.Body;
        JournalRecord.WriteHead(
            head.Span, position, record.Entry, record.Peer.Span, record.Answer.Span, body.Length, JournalRecord.Checksum(body.Span));
        parts.Add(head);
        if (!body.IsEmpty)
        {
            parts.Add(body);
        }

        var padding = (int)(record.Bytes - length - body.Length);
        if (padding > 0)
        {
            parts.Add(Padding.AsMemory(0, padding));
        }
    }
}
