using System.Text.Json.Serialization;

namespace Kpi.SloEngine.Status;

/// <summary>A service's server-side HTTP and RPC requests in a window.</summary>
/// <param name="Service"><c>service.name</c>.</param>
/// <param name="Requests">All of them.</param>
/// <param name="Errors">Bad ones.</param>
/// <param name="Aborted">Given up by their callers.</param>
/// <param name="Rate">Requests per second of the window.</param>
/// <param name="ErrorRatio">Errors over requests not aborted, 0..1; null without such requests.</param>
/// <param name="P50">Median duration in seconds; null when no request has one.</param>
/// <param name="P90">90 % quantile in seconds.</param>
/// <param name="P99">99 % quantile in seconds.</param>
/// <param name="Source"><c>spans</c> or <c>metrics</c>.</param>
/// <param name="Newest">End of the newest slice with data.</param>
/// <param name="Spark">Requests per second, step by step; null before the first request and in the step that is not over.</param>
public sealed record ServiceStatus(
    string Service,
    long Requests,
    long Errors,
    long Aborted,
    double Rate,
    double? ErrorRatio,
    double? P50,
    double? P90,
    double? P99,
    string Source,
    DateTimeOffset Newest,
    IReadOnlyList<double?> Spark)
{
    /// <summary>Share of the window that was watched, 0..1; null before anybody listened.</summary>
    public double? Coverage { get; init; }

    /// <summary>True when senders sampled, so that the counts are estimates.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Estimated { get; init; }
}
