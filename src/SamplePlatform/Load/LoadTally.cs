namespace Kpi.SamplePlatform.Load;

/// <summary>Counts what a run sends and what comes back. Thread-safe.</summary>
internal sealed class LoadTally
{
    /// <summary>A start this much after its time is late. Timers are good to a millisecond or two.</summary>
    public static readonly TimeSpan LateAfter = TimeSpan.FromMilliseconds(10);

    private readonly Lock gate = new();
    private readonly LatencyHistogram latencies = new();

    // Bounds: HTTP has 500 statuses, the enum 11 kinds.
    private readonly SortedDictionary<int, long> byStatus = [];
    private readonly SortedDictionary<string, long> byKind = new(StringComparer.Ordinal);
    private TimeSpan lastDue;
    private long sent;
    private long notSent;
    private long late;
    private long answered;
    private long failed;

    /// <summary>Sent and not yet answered.</summary>
    public long UnderWay
    {
        get
        {
            lock (gate)
            {
                return sent - answered - failed;
            }
        }
    }

    public void NotSent(in PlannedRequest request)
    {
        lock (gate)
        {
            lastDue = request.Due;
            notSent++;
        }
    }

    public void Sent(in PlannedRequest request, TimeSpan now)
    {
        lock (gate)
        {
            lastDue = request.Due;
            sent++;
            late += now - request.Due > LateAfter ? 1 : 0;
            var kind = request.Kind.ToString();
            byKind[kind] = byKind.GetValueOrDefault(kind) + 1;
        }
    }

    /// <param name="status">Of the answer; null when there was none.</param>
    /// <param name="latency">From the scheduled start.</param>
    public void Ended(int? status, TimeSpan latency)
    {
        lock (gate)
        {
            latencies.Add(latency);
            if (status is { } code)
            {
                answered++;
                byStatus[code] = byStatus.GetValueOrDefault(code) + 1;
            }
            else
            {
                failed++;
            }
        }
    }

    public LoadReport Report(string target, LoadPreset preset, int seed)
    {
        lock (gate)
        {
            var seconds = lastDue.TotalSeconds;
            return new LoadReport(
                target, preset.Name, seed, preset.ZipfExponent, seconds, preset.RequestsPerSecond, seconds > 0 ? sent / seconds : 0,
                sent + notSent, sent, notSent, late, byStatus.Where(s => s.Key is >= 200 and < 300).Sum(s => s.Value), failed,
                sent - answered - failed, new SortedDictionary<int, long>(byStatus),
                new SortedDictionary<string, long>(byKind, StringComparer.Ordinal), latencies.Quantile(0.5), latencies.Quantile(0.99));
        }
    }
}
