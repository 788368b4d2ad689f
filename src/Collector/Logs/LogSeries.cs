using System.Text;
using Kpi.Collector.Lookup;
using Kpi.Collector.Otlp;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Intake;

namespace Kpi.Collector.Logs;

/// <summary>
/// Finds the series that a log record is counted in: <c>log.records</c> by service, class of severity and event name. No convention has a
/// name for it; in the plural, as OpenTelemetry names counters of what can be counted.
/// </summary>
internal sealed class LogSeries(SeriesCatalog catalog, ResourceTable resources, LabelShaper shaper)
{
    /// <summary>Result of <see cref="Find"/>: not seen before, look again with leave to create.</summary>
    public const int Unknown = -1;

    /// <summary>The metric.</summary>
    public const string MetricName = "log.records";

    /// <summary>The label of the class of severity: <c>info</c>, <c>error</c>.</summary>
    public const string SeverityLabel = "severity";

    /// <summary>The label of an event's name; records that are no events have none.</summary>
    public const string EventLabel = "event.name";

    private const string Unit = "{record}";

    private static readonly string[] SeverityNames = [.. Enum.GetNames<LogSeverity>().Select(n => n.ToLowerInvariant())];

    private readonly KnownSeries known = new(catalog);

    /// <summary>The slot of a sound record's series; <see cref="Unknown"/> when it is new and <paramref name="create"/> is false.</summary>
    /// <param name="room">For the key: <see cref="KeyBuffer.MostBytes"/>, whatever is in it.</param>
    public int Find(scoped in LogFacts record, int resource, bool create, Span<byte> room, ref ItemTally tally)
    {
        var name = record.EventName;
        if (name.Length > IntakeLimits.MostLabelBytes)
        {
            name = IntakeLimits.Other;
            tally.Count(RejectReason.LongLabelValue);
        }

        var key = new KeyBuffer(room);
        key.Number(resource);
        key.Number((int)record.Severity);
        key.Text(name);
        return known.TryGet(key.Written, out var found) ? found
            : create ? Create(record.Severity, name, resource, key.Written, ref tally)
            : Unknown;
    }

    private int Create(LogSeverity severity, ReadOnlySpan<byte> eventName, int resource, ReadOnlySpan<byte> key, ref ItemTally tally)
    {
        // Checked before any string is made: when names explode, this is the path of every record.
        var table = known.Current;
        var ofResource = resource == ResourceTable.Overflow ? null : resources[resource];
        if (ofResource is null || (catalog.IsFull(SeriesKind.Counter, MetricName) && !known.MayLack(table, MetricName)))
        {
            tally.Count(RejectReason.SeriesOverflow);
            return catalog.Overflow(SeriesKind.Counter, Unit, MetricName).Slot;
        }

        List<KeyValuePair<string, string>> labels =
        [
            .. ofResource,
            new(LabelNames.From, "logs"),
            new(SeverityLabel, SeverityNames[(int)severity]),
            new(EventLabel, Encoding.UTF8.GetString(eventName)),
        ];
        shaper.Shape(table.Policy, MetricName, labels, addsUp: true, ref tally);
        var shaped = Labels.Of([.. labels, new(LabelNames.MetricName, MetricName)]);
        var series = catalog.GetOrAdd(SeriesKind.Counter, Unit, shaped, out var overflowed);
        if (overflowed)
        {
            tally.Count(RejectReason.SeriesOverflow);
        }
        else
        {
            known.Remember(table, key, series);
        }

        return series.Slot;
    }
}
