using Kpi.Rollups.Time;
using Kpi.SloEngine.Status;

namespace Kpi.SloEngine.Evaluation;

/// <summary>A service's totals → its row.</summary>
internal static class ServiceEvaluation
{
    public static ServiceStatus Evaluate(string service, ServiceTotals totals, SliceRange range, int slicesPerStep, UnixNanos now)
    {
        var durations = totals.All.Durations;
        var valid = durations.Count - totals.All.Aborted;
        return new ServiceStatus(
            service,
            durations.Count,
            totals.All.Bad,
            totals.All.Aborted,
            durations.Count / (range.Count * Slice.Length).TotalSeconds,
            valid > 0 ? (double)totals.All.Bad / valid : null,
            durations.Quantile(0.5)?.Value,
            durations.Quantile(0.9)?.Value,
            durations.Quantile(0.99)?.Value,
            totals.Source,
            totals.Newest.End.ToDateTimeOffset(),
            RatesOf(totals.Requests, range, slicesPerStep, now))
        {
            Estimated = durations.Count != durations.Observed,
        };
    }

    // Before the first request there is nothing to draw, as nobody knows yet whether anybody listened; and a step that is not over has
    // no rate, or every line would end in a fall.
    private static double?[] RatesOf(IReadOnlyList<long> requests, SliceRange range, int slicesPerStep, UnixNanos now)
    {
        var rates = new double?[requests.Count];
        var begun = false;
        for (var step = 0; step < rates.Length; step++)
        {
            var first = step * slicesPerStep;
            var slices = Math.Min(slicesPerStep, range.Count - first);
            begun |= requests[step] > 0;
            if (begun && range.First.Plus(first + slices - 1).End.Value <= now.Value)
            {
                rates[step] = requests[step] / (slices * Slice.Length).TotalSeconds;
            }
        }

        return rates;
    }
}
