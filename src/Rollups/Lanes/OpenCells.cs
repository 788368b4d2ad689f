namespace Kpi.Rollups.Lanes;

/// <summary>
/// The cells of one kind that a lane fills. Two tables take turns: while a flush holds one, the lane fills the other. A table that grows
/// anew for every flush would leave its size as garbage, in large arrays that are collected late. One thread at a time.
/// </summary>
internal sealed class OpenCells<TKey, TCell>
    where TKey : notnull
{
    private const int LeastKept = 1_024;

    private Dictionary<TKey, TCell>? spare;

    public Dictionary<TKey, TCell> Current { get; private set; } = [];

    /// <summary>Hands the cells over and starts afresh.</summary>
    public Dictionary<TKey, TCell> Drain()
    {
        var taken = Current;
        Current = spare ?? new Dictionary<TKey, TCell>(taken.Count);
        spare = null;
        return taken;
    }

    /// <summary>Takes a table back that is committed and that nobody reads any more; one that an unusual flush made large is let go.</summary>
    public void Reuse(Dictionary<TKey, TCell> committed)
    {
        var held = committed.Count;
        committed.Clear();
        spare = committed.EnsureCapacity(0) <= Math.Max(LeastKept, 4 * held) ? committed : null;
    }
}
