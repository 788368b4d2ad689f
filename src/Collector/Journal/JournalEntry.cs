namespace Kpi.Collector.Journal;

/// <summary>What is known about a body besides its bytes: all that decides how it is counted, so that a replay decides the same.</summary>
/// <param name="Signal">The collector's number of the signal.</param>
/// <param name="Encoding">The collector's number of its compression.</param>
/// <param name="Received">When it was received, in nanoseconds since 1970.</param>
/// <param name="Digest">By which a repeated body is recognised.</param>
internal readonly record struct JournalEntry(byte Signal, byte Encoding, long Received, UInt128 Digest);
