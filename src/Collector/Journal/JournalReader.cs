namespace Kpi.Collector.Journal;

/// <summary>Is shown every good record of the journal, in order.</summary>
/// <param name="record">Valid during the call.</param>
internal delegate void JournalVisitor(in JournalRecord record);

/// <summary>
/// Reads a journal from end to end. What is damaged is left out and located; the records behind it are read. Memory: the largest
/// segment.
/// </summary>
internal sealed class JournalReader(IJournalDisk disk)
{
    private readonly List<JournalDamage> damages = [];
    private byte[] buffer = [];
    private bool torn;

    /// <param name="remember">Is told of bodies whose segment is gone.</param>
    /// <param name="from">Where to go on when the journal is empty or ends before: what the store has is not written again.</param>
    public JournalExtent Read(long from, JournalVisitor visit, Action<TakenBody> remember)
    {
        var names = disk.List();
        var taken = names.Where(SegmentName.IsTaken).Order(StringComparer.Ordinal).ToList();
        foreach (var name in taken)
        {
            var length = disk.Read(name, ref buffer);
            foreach (var body in TakenFile.Read(buffer.AsMemory(0, length)))
            {
                remember(body);
            }
        }

        var segments = names.Select(n => (Name: n, First: SegmentName.FirstOf(n)))
            .Where(s => s.First is not null)
            .Select(s => new Segment(s.Name, s.First!.Value))
            .OrderBy(s => s.First)
            .ToList();
        for (var i = 0; i < segments.Count; i++)
        {
            ReadSegment(segments[i], i + 1 < segments.Count ? segments[i + 1].First : null, visit);
        }

        var end = segments.Count == 0 ? 0 : segments.Max(s => s.End);
        return new JournalExtent(
            segments, [.. names.Where(SegmentName.IsSpare)], taken, Math.Max(JournalFormat.Aligned(from), end), damages, torn);
    }

    private void ReadSegment(Segment segment, long? next, JournalVisitor visit)
    {
        var length = disk.Read(segment.Name, ref buffer);
        var bytes = buffer.AsMemory(0, length);
        if (Segment.FirstOf(bytes.Span) != segment.First)
        {
            // A power cut between a new name and its head leaves the old head, or none: nothing was acknowledged into it.
            Damaged(segment, 0, next is null ? 0 : length);
            segment.End = next ?? segment.First;
            return;
        }

        // A new start writes behind the last good record, in a new segment: what lies here beyond that is not part of the journal.
        var room = next is null ? length : (int)Math.Min(length, JournalFormat.SegmentHeadBytes + next.Value - segment.First);
        var offset = JournalFormat.SegmentHeadBytes;
        while (offset < room)
        {
            var found = FindRecord(bytes[..room], segment.First, offset, out var record);
            if (found < 0)
            {
                break;
            }

            Damaged(segment, offset, found - offset);
            segment.Taken.Add(new TakenBody(record.Entry.Digest, record.Answer.ToArray()));
            visit(in record);
            offset = found + (int)(record.End - record.Position);
            segment.End = record.End;
        }

        if (next is not null)
        {
            Damaged(segment, offset, JournalFormat.SegmentHeadBytes + next.Value - segment.First - offset);
            segment.End = next.Value;
        }
        else
        {
            torn = IsTorn(bytes.Span, offset, segment.End);
        }
    }

    /// <summary>The first place from <paramref name="offset"/> on where a record lies; −1 when there is none.</summary>
    private static int FindRecord(ReadOnlyMemory<byte> bytes, long first, int offset, out JournalRecord record)
    {
        for (; offset <= bytes.Length - JournalFormat.RecordHeadBytes; offset += JournalFormat.Alignment)
        {
            if (JournalRecord.TryRead(bytes, offset, first + offset - JournalFormat.SegmentHeadBytes, out record))
            {
                return offset;
            }
        }

        record = default;
        return -1;
    }

    private static bool IsTorn(ReadOnlySpan<byte> bytes, int offset, long position) =>
        offset + JournalFormat.RecordHeadBytes <= bytes.Length
        && BitConverter.ToUInt32(bytes[offset..]) == JournalFormat.RecordMagic
        && BitConverter.ToInt64(bytes[(offset + JournalFormat.Position)..]) == position;

    private void Damaged(Segment segment, long offset, long length)
    {
        if (length > 0)
        {
            damages.Add(new JournalDamage(segment.Name, offset, length));
        }
    }
}
