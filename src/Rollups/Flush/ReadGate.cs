namespace Kpi.Rollups.Flush;

/// <summary>
/// Lets an action wait until all reads that had begun before it are over, without holding up the reads that begin after it.
/// Waiting actions are bounded by the reads under way.
/// </summary>
internal sealed class ReadGate
{
    private readonly Lock gate = new();
    private readonly LinkedList<Generation> generations = new([new Generation()]);

    /// <summary>Begins a read; disposing ends it.</summary>
    public Read Enter()
    {
        lock (gate)
        {
            var current = generations.Last!.Value;
            current.Readers++;
            return new Read(this, current);
        }
    }

    /// <summary>Runs the action, now or when the last of the reads begun before has ended. Actions run in the order given.</summary>
    public void AfterCurrentReads(Action action)
    {
        lock (gate)
        {
            generations.Last!.Value.After = action;
            generations.AddLast(new Generation());
            RunWhatIsFree_NeedsLock();
        }
    }

    private void Exit(Generation generation)
    {
        lock (gate)
        {
            generation.Readers--;
            RunWhatIsFree_NeedsLock();
        }
    }

    private void RunWhatIsFree_NeedsLock()
    {
        while (generations.First!.Value is { Readers: 0, After: { } action })
        {
            generations.RemoveFirst();
            action();
        }
    }

    /// <summary>A read under way.</summary>
    public readonly struct Read(ReadGate owner, Generation generation) : IDisposable
    {
        /// <summary>Ends the read; once.</summary>
        public void Dispose() => owner.Exit(generation);
    }

    /// <summary>The reads that began between two actions.</summary>
    internal sealed class Generation
    {
        public int Readers { get; set; }

        public Action? After { get; set; }
    }
}
