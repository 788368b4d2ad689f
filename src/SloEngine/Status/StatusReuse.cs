namespace Kpi.SloEngine.Status;

/// <summary>Keeps the parts of a status that did not change, so that "changed" can be told by reference.</summary>
internal static class StatusReuse
{
    /// <summary>The status, with every KPI, service and list that equals the earlier one replaced by it.</summary>
    public static WindowStatus Reusing(this WindowStatus status, WindowStatus? earlier)
    {
        if (earlier is null)
        {
            return status;
        }

        var services = earlier.Services.ToDictionary(s => s.Service);
        return status with
        {
            Kpis = [.. status.Kpis.Select((kpi, i) => i < earlier.Kpis.Count && Same(kpi, earlier.Kpis[i]) ? earlier.Kpis[i] : kpi)],
            Services = [.. status.Services.Select(s => services.TryGetValue(s.Service, out var known) && Same(s, known) ? known : s)],
            Ingest = Same(status.Ingest, earlier.Ingest) ? earlier.Ingest : status.Ingest,
            Problems = status.Problems.SequenceEqual(earlier.Problems) ? earlier.Problems : status.Problems,
        };
    }

    // A record compares its scalars; its collections are compared by content and set equal for that comparison.
    private static bool Same(KpiStatus a, KpiStatus b) =>
        a.Spark.SequenceEqual(b.Spark)
        && a.Targets.SequenceEqual(b.Targets)
        && a.Verdicts.SequenceEqual(b.Verdicts)
        && SameItems(a.Shares, b.Shares)
        && SameItems(a.Layers, b.Layers)
        && a with { Spark = b.Spark, Targets = b.Targets, Verdicts = b.Verdicts, Shares = b.Shares, Layers = b.Layers } == b;

    private static bool SameItems<T>(IEnumerable<T>? a, IEnumerable<T>? b) => a is null ? b is null : b is not null && a.SequenceEqual(b);

    private static bool Same(ServiceStatus a, ServiceStatus b) => a.Spark.SequenceEqual(b.Spark) && a with { Spark = b.Spark } == b;

    private static bool Same(IngestStatus a, IngestStatus b) =>
        a.Refused.SequenceEqual(b.Refused)
        && a.Noted.SequenceEqual(b.Noted)
        && a.Sources.Silent.SequenceEqual(b.Sources.Silent)
        && a.Sources with { Silent = b.Sources.Silent } == b.Sources
        && a with { Refused = b.Refused, Noted = b.Noted, Sources = b.Sources } == b;
}
