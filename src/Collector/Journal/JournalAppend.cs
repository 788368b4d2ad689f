namespace Kpi.Collector.Journal;

/// <summary>
/// A record on its way into the journal. Its bytes stay untouched until one of the two calls; both come on the journal's thread, so
/// they are short.
/// </summary>
internal abstract class JournalAppend
{
    public required JournalEntry Entry { get; init; }

    /// <summary>Who sent it, in UTF-8; at most <see cref="JournalFormat.MostPeerBytes"/>.</summary>
    public ReadOnlyMemory<byte> Peer { get; init; }

    /// <summary>What the sender will be told; at most <see cref="JournalFormat.MostAnswerBytes"/>.</summary>
    public ReadOnlyMemory<byte> Answer { get; init; }

    public ReadOnlyMemory<byte> Body { get; init; }

    public long Bytes => JournalFormat.RecordBytes(Peer.Length, Answer.Length, Body.Length);

    /// <summary>The record is as durable as promised. Records hear it in the order in which they lie in the journal.</summary>
    /// <param name="end">Position behind the record.</param>
    public abstract void Durable(long end);

    /// <summary>The record is not in the journal: no room, or the disk failed. The sender should try again.</summary>
    public abstract void Refused();
}
