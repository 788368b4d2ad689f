namespace Kpi.Collector.Doors;

/// <summary>Whose token a request bore.</summary>
/// <param name="Name">The name in the token file; null when the line has none.</param>
/// <param name="Fingerprint">The first half of the token's SHA-256: the same after a restart, and nobody can get back from it.</param>
internal sealed record Sender(string? Name, UInt128 Fingerprint);
