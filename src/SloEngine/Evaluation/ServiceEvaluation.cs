using Kpi.SloEngine.Status;

namespace Kpi.SloEngine.Evaluation;

/// <summary>A service's totals → its row.</summary>
internal static class ServiceEvaluation
{
    public static ServiceStatus Evaluate(string service, ServiceTotals totals, TimeSpan window, TimeSpan step)
    {
        var durations = totals.All.Durations;
        var valid = durations.Count - totals.All.Aborted;
        return new ServiceStatus(
            service,
            durations.Count,
            totals.All.Bad,
            totals.All.Aborted,
            durations.Count / window.TotalSeconds,
            valid > 0 ? (double)totals.All.Bad / valid : null,
            durations.Quantile(0.5)?.Value,
            durations.Quantile(0.9)?.Value,
            durations.Quantile(0.99)?.Value,
            totals.Source,
            totals.Newest.End.ToDateTimeOffset(),
            [.. totals.Requests.Select(r => (double?)(r / step.TotalSeconds))])
        {
            Estimated = durations.Count != durations.Observed,
        };
    }
}
