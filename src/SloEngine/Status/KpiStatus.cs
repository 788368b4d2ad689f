using System.Text.Json.Serialization;

namespace Kpi.SloEngine.Status;

/// <summary>One KPI of a window. What is not measured is null, never 0.</summary>
/// <param name="Id">Stable id: <c>p99_latency</c>.</param>
/// <param name="Name">As the page writes it.</param>
/// <param name="Unit"><c>s</c>, <c>1</c> or <c>USD</c>.</param>
/// <param name="Value">The figure, in the unit.</param>
/// <param name="Low">Lower end of its 95 % interval, widened by the sketch's error.</param>
/// <param name="High">Upper end; null also when too few events bound it.</param>
/// <param name="Numerator">Bad requests; for a quantile the share within the current tier's target.</param>
/// <param name="Denominator">Valid requests; for a quantile all measured events.</param>
/// <param name="N">Events really observed behind it.</param>
/// <param name="Coverage">Share of the window that was observed; null while sources are not kept.</param>
/// <param name="Source"><c>spans</c> or <c>metrics</c>.</param>
/// <param name="Targets">Target by tier id, in the unit.</param>
/// <param name="Verdicts">Verdict by tier id: pass, fail, at_risk, insufficient_data, not_measured.</param>
/// <param name="Note">The current tier's verdict in words.</param>
/// <param name="Newest">End of the newest slice with data.</param>
/// <param name="Spark">The figure step by step; null where nothing was measured.</param>
public sealed record KpiStatus(
    string Id,
    string Name,
    string Unit,
    double? Value,
    double? Low,
    double? High,
    double? Numerator,
    double? Denominator,
    long? N,
    double? Coverage,
    string? Source,
    IReadOnlyDictionary<string, double> Targets,
    IReadOnlyDictionary<string, string> Verdicts,
    string? Note,
    DateTimeOffset? Newest,
    IReadOnlyList<double?> Spark)
{
    /// <summary>For a quantile: share of events at most as long as the target, by tier id.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, double?>? Shares { get; init; }

    /// <summary>For a quantile: which.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Quantile { get; init; }
}
