namespace Kpi.Collector.Journal;

/// <summary>What a reading of the journal found.</summary>
/// <param name="Segments">Segments, oldest first, with the end of what is good in each.</param>
/// <param name="Spares">Files to be used again.</param>
/// <param name="Taken">Files of what was taken and is in the store.</param>
/// <param name="End">Position behind the last good record: writing goes on here.</param>
/// <param name="Damages">Places that should hold records and do not.</param>
/// <param name="TornTail">Behind the last good record lies the beginning of one that was not finished; nobody was told it was taken.</param>
internal sealed record JournalExtent(
    IReadOnlyList<Segment> Segments, IReadOnlyList<string> Spares, IReadOnlyList<string> Taken, long End, IReadOnlyList<JournalDamage> Damages, bool TornTail);

/// <summary>Bytes of a segment that are no record.</summary>
/// <param name="File">The segment's file.</param>
/// <param name="Offset">Where in the file it begins.</param>
/// <param name="Bytes">How far it reaches.</param>
internal readonly record struct JournalDamage(string File, long Offset, long Bytes);
