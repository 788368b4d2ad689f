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
        AddToStep(step, into, increase);
    }

    /// <summary>Shows an increase in a step without counting it once more.</summary>
    public void AddToStep(int step, int[] into, FixedSum increase) =>
        (steps[step] ??= new CounterSums(All.Count)).Add(into, increase);

    /// <param name="other">Totals of a part.</param>
    /// <param name="step">The step in which the part's first one lies.</param>
    public void Add(CounterTotals other, int step)
    {
        All.Add(other.All);
        for (var i = 0; i < other.steps.Length; i++)
        {
            if (other.steps[i] is { } theirs)
            {
                (steps[step + i] ??= new CounterSums(All.Count)).Add(theirs);
            }
        }
    }
}
