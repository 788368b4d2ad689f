namespace Kpi.SamplePlatform.Faults;

/// <summary>A line of the ledger as it is published.</summary>
/// <param name="Size">In the fault's own unit: seconds, a share, or a number of queries.</param>
/// <param name="End">null while it is on.</param>
/// <param name="Affected">How often it has acted: requests, batches, reads, keys or records.</param>
/// <param name="InjectedSeconds">Time it has added, measured or slept where it was added.</param>
internal sealed record FaultStatus(
    int Id, string Fault, string? Target, double? Size, DateTimeOffset Start, DateTimeOffset? End, long Affected, double InjectedSeconds);
