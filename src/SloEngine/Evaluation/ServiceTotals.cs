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

    public void Add(Slice slice, int step, SeriesRole role, DistributionCell cell)
    {
        All.Add(role.Outcome, cell);
        requests[step] += cell.Count;
        Note(slice, role.Source);
    }

    public void Add(ServiceTotals other)
    {
        All.Add(other.All);
        for (var i = 0; i < requests.Length; i++)
        {
            requests[i] += other.requests[i];
        }

        Note(other.Newest, other.Source);
    }

    private void Note(Slice slice, string source)
    {
        Newest = Newest.Number > slice.Number ? Newest : slice;
        Source = source == "metrics" ? source : Source;
    }
}
