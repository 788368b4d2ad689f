using System.Collections.Concurrent;
using Kpi.Rollups.Coverage;
using Kpi.SloEngine.Status;

namespace Kpi.SloEngine.Evaluation;

/// <summary>
/// Who sends the series of each KPI, remembered also when a window holds nothing of them: that is when their silence counts. At most
/// <see cref="MostRemembered"/> for each.
/// </summary>
internal sealed class KpiSources(int kpis)
{
    private const int MostRemembered = 100_000;

    private readonly ConcurrentDictionary<SourceIdentity, bool>[] sources =
        [.. Enumerable.Range(0, kpis).Select(_ => new ConcurrentDictionary<SourceIdentity, bool>())];

    private readonly bool[] withoutSource = new bool[kpis];

    public void Note(int kpi, SourceIdentity? source)
    {
        if (source is null)
        {
            Volatile.Write(ref withoutSource[kpi], true);
        }
        else if (sources[kpi].Count < MostRemembered)
        {
            sources[kpi].TryAdd(source, true);
        }
    }

    /// <summary>What was watched of a KPI, step by step; empty when nobody ever sent anything of it.</summary>
    public IReadOnlyList<WatchedShare> Steps(int kpi, WindowCoverage coverage, WindowFrame frame)
    {
        var beating = sources[kpi].Keys.Where(coverage.Follows).ToList();
        var others = Volatile.Read(ref withoutSource[kpi]) || beating.Count < sources[kpi].Count;
        return beating.Count == 0 && !others ? [] : coverage.Steps(beating, others, frame.SlicesPerStep, frame.LineFirst);
    }
}
