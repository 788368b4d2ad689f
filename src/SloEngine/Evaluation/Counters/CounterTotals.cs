using Kpi.Rollups.Cells;

namespace Kpi.SloEngine.Evaluation.Counters;

/// <summary>What a KPI's counters gained over a window: all of it, and step by step for its line.</summary>
internal sealed class CounterTotals(int sums, int steps)
{
    private readonly CounterSums?[] steps = new CounterSums?[steps];

    public CounterSums All { get; } = new(sums);

    /// <summary>The steps of the window; null where no counter was heard.</summary>
    public IReadOnlyList<CounterSums?> Steps => steps;

    public void Add(int step, int[] into, FixedSum increase)
    {
        All.Add(into, increase);
        (steps[step] ??= new CounterSums(All.Count)).Add(into, increase);
    }

    public void Add(CounterTotals other)
    {
        All.Add(other.All);
        for (var i = 0; i < steps.Length; i++)
        {
            if (other.steps[i] is { } theirs)
            {
                (steps[i] ??= new CounterSums(All.Count)).Add(theirs);
            }
        }
    }
}
