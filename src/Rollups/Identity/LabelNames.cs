namespace Kpi.Rollups.Identity;

/// <summary>Label names with a meaning to us: OpenTelemetry's as they are, ours under <c>kpi.</c>.</summary>
public static class LabelNames
{
    /// <summary>The metric's name, as Prometheus keeps it among the labels.</summary>
    public const string MetricName = "__name__";

    /// <summary>The resource attribute that names the service.</summary>
    public const string ServiceName = "service.name";

    /// <summary>The instrumentation scope that a metric comes from: two of a service may have metrics of the same name.</summary>
    public const string ScopeName = "otel.scope.name";

    /// <summary>What the figures were derived from when it was not a metric: <c>spans</c>.</summary>
    public const string From = "kpi.from";

    /// <summary>Marks the one series per metric that takes what no longer fits under the cap; OpenTelemetry's name for it.</summary>
    public const string Overflow = "otel.metric.overflow";
}
