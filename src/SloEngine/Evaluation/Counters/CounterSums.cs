using Kpi.Rollups.Cells;

namespace Kpi.SloEngine.Evaluation.Counters;

/// <summary>What a KPI's counters gained in one stretch of time, sum by sum, and which of them were heard at all.</summary>
/// <param name="count">How many sums the KPI has; its rule says what each is.</param>
internal sealed class CounterSums(int count)
{
    /// <summary>Whole events stop here: far above any counter, and far below where a long overflows.</summary>
    private const double MostEvents = 1e18;

    private readonly FixedSum[] sums = new FixedSum[count];
    private readonly bool[] heard = new bool[count];

    public int Count => sums.Length;

    /// <summary>A sum in whole events, 0 or more; null when none of its counters was heard. Heard without an increase is 0.</summary>
    public long? this[int sum] => heard[sum] ? (long)Math.Round(Math.Clamp(sums[sum].ToDouble(), 0, MostEvents)) : null;

    public void Add(int[] into, FixedSum increase)
    {
        foreach (var sum in into)
        {
            sums[sum] += increase;
            heard[sum] = true;
        }
    }

    public void Add(CounterSums other)
    {
        for (var i = 0; i < sums.Length; i++)
        {
            sums[i] += other.sums[i];
            heard[i] |= other.heard[i];
        }
    }
}
