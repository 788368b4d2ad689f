namespace Kpi.Collector.Journal;

/// <summary>What is known about a body besides its bytes: all that decides how it is counted, so that a replay decides the same.</summary>
/// <param name="Kind">What the record says.</param>
/// <param name="Signal">The collector's number of the signal.</param>
/// <param name="Transport">The collector's number of the protocol it came by.</param>
/// <param name="Encoding">The collector's number of its compression.</param>
/// <param name="Received">When it was received, in nanoseconds since 1970.</param>
/// <param name="Digest">By which a repeated body is recognised.</param>
/// <param name="Number">Number of a flush; 0 for bodies.</param>
internal readonly record struct JournalEntry(
    JournalKind Kind, byte Signal, byte Transport, byte Encoding, long Received, UInt128 Digest, long Number);
