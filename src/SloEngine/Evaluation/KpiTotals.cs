using Kpi.Rollups.Cells;
using Kpi.Rollups.Reading;
using Kpi.Rollups.Time;
using Kpi.SloEngine.Evaluation.Counters;

namespace Kpi.SloEngine.Evaluation;

/// <summary>What a KPI adds up over a window: all of it, and step by step for its line.</summary>
internal sealed class KpiTotals(int steps)
{
    private readonly StepTotals?[] steps = new StepTotals?[steps];

    // What has no group; a cell is added to it or to its group, so that telling groups apart costs no second addition.
    private readonly StepTotals rest = new();
    private StepTotals? all;

    public StepTotals All => Groups is null ? rest : all ??= Sum(rest, Groups);

    /// <summary>The steps of the window; null where nothing was counted.</summary>
    public IReadOnlyList<StepTotals?> Steps => steps;

    /// <summary>The newest slice with data.</summary>
    public Slice? Newest { get; private set; }

    /// <summary><c>spans</c> or <c>metrics</c>; null without data.</summary>
    public string? Source { get; private set; }

    /// <summary>What counters gained; null when the KPI reads none, or none was heard.</summary>
    public CounterTotals? Counters { get; private set; }

    /// <summary>Distributions by the label that tells the worst part; null when there is no such label.</summary>
    public GroupTotals? Groups { get; private set; }

    /// <param name="group">The value of the label by which the KPI names its worst; null when there is none.</param>
    public void Add(Slice slice, int step, SeriesRole role, CountedCell cell, string? group = null)
    {
        PartOf(group).Add(role.Outcome, cell);
        AddToStep(step, role, cell);
        Note(slice, role.Source);
    }

    /// <summary>Shows a cell in a step without counting it once more.</summary>
    public void AddToStep(int step, SeriesRole role, CountedCell cell) =>
        (steps[step] ??= new StepTotals()).Add(role.Outcome, cell);

    public void Add(Slice slice, int step, SeriesRole role, CounterShare share, CounterCell cell)
    {
        (Counters ??= new CounterTotals(share.Sums, steps.Length)).Add(step, share.Into, cell.Increase);
        Note(slice, role.Source);
    }

    /// <summary>Shows a counter's cell in a step without counting it once more.</summary>
    public void AddToStep(int step, CounterShare share, CounterCell cell) => Counters!.AddToStep(step, share.Into, cell.Increase);

    /// <param name="other">Totals of a part.</param>
    /// <param name="step">The step in which the part's first one lies.</param>
    public void Add(KpiTotals other, int step)
    {
        PartOf(null).Add(other.rest);
        if (other.Groups is { } groups)
        {
            (Groups ??= new GroupTotals()).Add(groups, rest);
        }

        for (var i = 0; i < other.steps.Length; i++)
        {
            if (other.steps[i] is { } theirs)
            {
                (steps[step + i] ??= new StepTotals()).Add(theirs);
            }
        }

        if (other.Counters is { } counters)
        {
            (Counters ??= new CounterTotals(counters.All.Count, steps.Length)).Add(counters, step);
        }

        if (other is { Newest: { } newest, Source: { } source })
        {
            Note(newest, source);
        }
    }

    private StepTotals PartOf(string? group)
    {
        all = null;
        return group is null ? rest : (Groups ??= new GroupTotals()).Of(group) ?? rest;
    }

    private static StepTotals Sum(StepTotals rest, GroupTotals groups)
    {
        var sum = new StepTotals();
        sum.Add(rest);
        foreach (var part in groups.Groups.Values)
        {
            sum.Add(part);
        }

        return sum;
    }

    private void Note(Slice slice, string source)
    {
        Newest = Newest is { } newest && newest.Number > slice.Number ? newest : slice;
        Source = Source is null || source == SeriesRole.FromMetrics ? source : Source;
    }
}

/// <summary>Distributions of one stretch of time, the requests given up by their callers counted apart as well.</summary>
internal sealed class StepTotals
{
    /// <summary>Everything, aborted requests with the time they had lasted.</summary>
    public Distribution Durations { get; } = new();

    public long Bad { get; private set; }

    public long Aborted { get; private set; }

    /// <summary>Aborted requests as observed, before weighting.</summary>
    public long AbortedObserved { get; private set; }

    public double AbortRatio => Durations.Count == 0 ? 0 : (double)Aborted / Durations.Count;

    public void Add(RequestOutcome outcome, CountedCell cell)
    {
        cell.AddTo(Durations);
        Bad = BucketRow.Sum(Bad, outcome == RequestOutcome.Bad ? cell.Count : 0);
        Aborted = BucketRow.Sum(Aborted, outcome == RequestOutcome.Aborted ? cell.Count : 0);
        AbortedObserved = BucketRow.Sum(AbortedObserved, outcome == RequestOutcome.Aborted ? cell.Observed : 0);
    }

    public void Add(StepTotals other)
    {
        Durations.Add(other.Durations);
        Bad = BucketRow.Sum(Bad, other.Bad);
        Aborted = BucketRow.Sum(Aborted, other.Aborted);
        AbortedObserved = BucketRow.Sum(AbortedObserved, other.AbortedObserved);
    }
}
