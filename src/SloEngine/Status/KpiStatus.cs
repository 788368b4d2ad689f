using System.Text.Json.Serialization;

namespace Kpi.SloEngine.Status;

/// <summary>One KPI of a window. What is not measured is null, never 0.</summary>
/// <param name="Id">Stable id: <c>p99_latency</c>.</param>
/// <param name="Name">As the page writes it.</param>
/// <param name="Unit"><c>s</c>, <c>1</c> or <c>USD</c>.</param>
/// <param name="Value">The figure, in the unit.</param>
/// <param name="Low">Lower end of its 95 % interval, widened by the sketch's error.</param>
/// <param name="High">Upper end; null also when too few events bound it.</param>
/// <param name="Numerator">Bad requests; for a quantile the share within the current tier's target; for a cache reads that hit.</param>
/// <param name="Denominator">Valid requests; for a quantile all measured events; for a cache all logical reads.</param>
/// <param name="N">Events really observed behind it.</param>
/// <param name="Coverage">Share of the window that was watched, 0..1, of the time since the first data; null before anybody listened.</param>
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

    /// <summary>For a cache: its layers, outermost first.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<LayerStatus>? Layers { get; init; }

    /// <summary>For a quantile: the part with the highest one, where at least two parts have enough events to compare.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public WorstStatus? Worst { get; init; }
}

/// <summary>One layer of a cache over a window.</summary>
/// <param name="Name">As defined.</param>
/// <param name="Ratio">Hits over the reads that reached it, 0..1; null without such reads, and when its hits were not heard: then it may
/// not exist, and reads that went on are no misses of it.</param>
/// <param name="Hits">Reads that it answered; null when no counter of them was heard.</param>
/// <param name="Misses">Reads that reached it and went on; null when no counter of them was heard.</param>
public sealed record LayerStatus(string Name, double? Ratio, long? Hits, long? Misses);

/// <summary>The part of a KPI that is worst, by the values of a label.</summary>
/// <param name="Label">The label: <c>db.client.connection.pool.name</c>.</param>
/// <param name="Name">Its value: <c>shard-3</c>.</param>
/// <param name="Value">The KPI's figure for this part alone, in the KPI's unit.</param>
/// <param name="N">Events really observed behind it.</param>
public sealed record WorstStatus(string Label, string Name, double Value, long N);
