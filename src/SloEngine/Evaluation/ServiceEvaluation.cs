using Kpi.Rollups.Time;
using Kpi.SloEngine.Status;

namespace Kpi.SloEngine.Evaluation;

/// <summary>A service's totals → its row.</summary>
internal static class ServiceEvaluation
{
    public static ServiceStatus Evaluate(string service, ServiceTotals totals, WindowFrame frame, UnixNanos now)
    {
        var durations = totals.All.Durations;
        var valid = durations.Count - totals.All.Aborted;
        return new ServiceStatus(
            service,
            durations.Count,
            totals.All.Bad,
            totals.All.Aborted,
            durations.Count / (frame.Range.Count * Slice.Length).TotalSeconds,
            valid > 0 ? (double)totals.All.Bad / valid : null,
            durations.Quantile(0.5)?.Value,
            durations.Quantile(0.9)?.Value,
            durations.Quantile(0.99)?.Value,
            totals.Source,
            totals.Newest.End.ToDateTimeOffset(),
            RatesOf(totals.Requests, frame, now))
        {
            Estimated = durations.Count != durations.Observed,
        };
    }

    // Before the first request there is nothing to draw, as nobody knows yet whether anybody listened; and a step that is not over has
    // no rate, or every line would end in a fall.
    private static double?[] RatesOf(IReadOnlyList<long> requests, WindowFrame frame, UnixNanos now)
    {
        var rates = new double?[requests.Count];
        var begun = false;
        for (var step = 0; step < rates.Length; step++)
        {
            var slices = frame.StepAt(step);
            begun |= requests[step] > 0;
            if (begun && slices.To.Value <= now.Value)
            {
                rates[step] = requests[step] / (slices.Count * Slice.Length).TotalSeconds;
            }
        }

        return rates;
    }
}
