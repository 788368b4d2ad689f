using Kpi.Rollups.Identity;

namespace Kpi.Collector.Lookup;

/// <summary>Series known under one policy. Whoever makes a series takes the table first, shapes with its policy, and remembers in it.</summary>
/// <param name="Keys">The series by key.</param>
/// <param name="Policy">What shaped their labels.</param>
/// <param name="Renewed">When it took the place of another, on the catalog's clock; null for the first.</param>
internal sealed record KnownTable(ByteKeyTable Keys, LabelPolicy Policy, TimeSpan? Renewed);
