namespace Kpi.Rollups.Identity;

/// <summary>
/// Which series has which slot. Reads are free of locks; changes are made under the catalogue's lock. A slot that was given up
/// keeps its series for as long again as it was idle, so that a batch that was decoded before still finds it; then it is given anew.
/// </summary>
internal sealed class SlotTable
{
    private readonly Queue<(int Slot, TimeSpan Since)> resting = new();
    private readonly Stack<int> free = new();
    private volatile ActiveSeries[] series = new ActiveSeries[256];
    private volatile int[] generations = new int[256];
    private int used;

    public ActiveSeries this[int slot] => series[slot];

    public int GenerationOf(int slot) => generations[slot];

    public ActiveSeries Place(Func<int, int, ActiveSeries> make)
    {
        var slot = free.TryPop(out var given) ? given : used++;
        if (slot == series.Length)
        {
            var grownSeries = new ActiveSeries[slot * 2];
            var grownGenerations = new int[slot * 2];
            series.CopyTo(grownSeries, 0);
            generations.CopyTo(grownGenerations, 0);
            generations = grownGenerations;
            series = grownSeries;
        }

        return series[slot] = make(slot, generations[slot]);
    }

    /// <summary>Gives a slot up: from now on nobody who remembers it takes it for current.</summary>
    public void Retire(ActiveSeries of, TimeSpan now)
    {
        generations[of.Slot]++;
        resting.Enqueue((of.Slot, now));
    }

    /// <summary>Makes slots available that were given up long enough ago.</summary>
    public void Free(TimeSpan before)
    {
        while (resting.TryPeek(out var oldest) && oldest.Since < before)
        {
            free.Push(resting.Dequeue().Slot);
        }
    }
}
