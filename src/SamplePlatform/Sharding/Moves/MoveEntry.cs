namespace Kpi.SamplePlatform.Sharding.Moves;

/// <summary>A move as the journal has it.</summary>
/// <param name="Epoch">Of the bucket on its source; it opens on the target under the next.</param>
internal sealed record MoveEntry(long Id, int Bucket, string Source, string Target, int Epoch);
