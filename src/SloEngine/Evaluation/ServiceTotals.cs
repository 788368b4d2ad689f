using Kpi.Rollups.Cells;
using Kpi.Rollups.Time;

namespace Kpi.SloEngine.Evaluation;

/// <summary>What a service's requests add up to over a window, and how many there were in each step.</summary>
internal sealed class ServiceTotals(int steps)
{
    private readonly long[] requests = new long[steps];

    public StepTotals All { get; } = new();

    public IReadOnlyList<long> Requests => requests;

    /// <summary>The newest slice with data.</summary>
    public Slice Newest { get; private set; }

    /// <summary><c>spans</c> or <c>metrics</c>.</summary>
    public string Source { get; private set; } = "spans";

    public void Add(Slice slice, int step, SeriesRole role, CountedCell cell)
    {
        All.Add(role.Outcome, cell);
        requests[step] = BucketRow.Sum(requests[step], cell.Count);
        Note(slice, role.Source);
    }

    /// <summary>Moves what was added to the first step into equal parts over several, in whole requests.</summary>
    public void SpreadOver(int first, int last, long count)
    {
        requests[first] -= count;
        var parts = last - first + 1;
        for (var part = 0; part < parts; part++)
        {
            var share = (long)(((Int128)count * (part + 1) / parts) - ((Int128)count * part / parts));
            requests[first + part] = BucketRow.Sum(requests[first + part], share);
        }
    }

    /// <param name="other">Totals of a part.</param>
    /// <param name="step">The step in which the part's first one lies.</param>
    public void Add(ServiceTotals other, int step)
    {
        All.Add(other.All);
        for (var i = 0; i < other.requests.Length; i++)
        {
            requests[step + i] = BucketRow.Sum(requests[step + i], other.requests[i]);
        }

        Note(other.Newest, other.Source);
    }

    private void Note(Slice slice, string source)
    {
        Newest = Newest.Number > slice.Number ? Newest : slice;
        Source = source == SeriesRole.FromMetrics ? source : Source;
    }
}
