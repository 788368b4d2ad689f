namespace Kpi.SamplePlatform.Faults;

/// <summary>What was done to the shop on purpose, in order of beginning: the truth that reports about the shop are compared with.</summary>
internal sealed class FaultLedger(TimeProvider time)
{
    public const int MostEntries = 1_000;

    private readonly Lock gate = new();

    /// <summary>Bound: <see cref="MostEntries"/>; the oldest goes.</summary>
    private readonly Queue<FaultEntry> entries = new();
    private int lastId;

    public IReadOnlyList<FaultStatus> Entries
    {
        get
        {
            lock (gate)
            {
                return [.. entries.Select(e => e.Status)];
            }
        }
    }

    public FaultEntry Begin(string fault, string? target, double? size)
    {
        lock (gate)
        {
            var entry = new FaultEntry(++lastId, fault, target, size, time.GetUtcNow());
            entries.Enqueue(entry);
            if (entries.Count > MostEntries)
            {
                entries.Dequeue();
            }

            return entry;
        }
    }
}
