namespace Kpi.SamplePlatform.Faults;

/// <summary>One fault from its beginning to its end, with what it did, counted where it was done.</summary>
internal sealed class FaultEntry(int id, string fault, string? target, double? size, DateTimeOffset start)
{
    private long affected;
    private long injectedTicks;
    private long endTicks;

    /// <summary>In the fault's own unit; null when it has none.</summary>
    public double? Size => size;

    public string? Target => target;

    public long Affected => Interlocked.Read(ref affected);

    public FaultStatus Status => new(
        id, fault, target, size, start, End, Affected, TimeSpan.FromTicks(Interlocked.Read(ref injectedTicks)).TotalSeconds);

    private DateTimeOffset? End => Interlocked.Read(ref endTicks) is > 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>The fault has acted once more. Counts after the end too: what began before it may act after it.</summary>
    /// <returns>How often it has acted.</returns>
    public long Count(long by = 1) => Interlocked.Add(ref affected, by);

    /// <summary>The fault has acted once more, by making something take longer.</summary>
    public void Count(TimeSpan injected)
    {
        Interlocked.Add(ref injectedTicks, injected.Ticks);
        Count();
    }

    /// <summary>Only the first end counts.</summary>
    public void EndAt(DateTimeOffset end) => Interlocked.CompareExchange(ref endTicks, end.UtcTicks, 0);
}
