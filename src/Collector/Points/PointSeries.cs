using System.Text;
using Kpi.Collector.Lookup;
using Kpi.Collector.Otlp;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Intake;

namespace Kpi.Collector.Points;

/// <summary>
/// Finds the series of a data point: at once when a point with the same bytes for attributes was seen before, else by building its
/// labels. The same attributes in another order have another key and the same series.
/// </summary>
internal sealed class PointSeries(SeriesCatalog catalog, ResourceTable resources)
{
    /// <summary>Not seen before.</summary>
    public const int Unknown = -1;

    private readonly KnownSeries known = new(catalog);

    /// <summary>Begins the key of a metric's points.</summary>
    public static void Begin(ref KeyBuffer key, int resource, ReadOnlySpan<byte> scope, scoped in MetricFacts metric)
    {
        key.Number(resource);
        key.Text(Cut(scope));
        key.Text(Cut(metric.Name));
    }

    public int Find(ReadOnlySpan<byte> key) => known.TryGet(key, out var slot) ? slot : Unknown;

    /// <summary>Makes the series, or says why not. The point is sound.</summary>
    public RejectReason? TryCreate(
        scoped in MetricFacts metric, scoped in PointFacts point, int resource, ReadOnlySpan<byte> scope, ReadOnlySpan<byte> key, out int slot, ref ItemTally tally)
    {
        // Checked before any string is made: when labels explode, this is the path of every point.
        var name = MetricName(metric.Name);
        slot = Unknown;
        if (point.Attributes > PointLabels.MostAttributes)
        {
            return RejectReason.TooManyLabels;
        }

        var ofResource = resource == ResourceTable.Overflow ? null : resources[resource];
        if (ofResource is null)
        {
            return Overflow(in metric, in point, name, out slot, ref tally);
        }

        var labels = new PointLabels(ofResource, Encoding.UTF8.GetString(Cut(scope)), name);
        if (!labels.TryAdd(point.Message))
        {
            return RejectReason.TooManyLabels;
        }

        if (catalog.GetOrAddWithinCap(SeriesKind.Counter, UnitOf(in metric), labels.ToLabels()) is not { } series)
        {
            return Overflow(in metric, in point, name, out slot, ref tally);
        }

        slot = series.Slot;
        if (labels.LongValues > 0)
        {
            tally.Count(RejectReason.LongLabelValue);
        }
        else if (!key.IsEmpty)
        {
            known.Remember(key, series);
        }

        return null;
    }

    // Increases of many series add up in one; running totals do not.
    private RejectReason? Overflow(scoped in MetricFacts metric, scoped in PointFacts point, string name, out int slot, ref ItemTally tally)
    {
        slot = Unknown;
        if (metric.Temporality == Temporality.Cumulative || point.HasNoRecordedValue)
        {
            return RejectReason.TooManySeries;
        }

        tally.Count(RejectReason.SeriesOverflow);
        slot = catalog.Overflow(SeriesKind.Counter, UnitOf(in metric), name).Slot;
        return null;
    }

    private static string UnitOf(scoped in MetricFacts metric) => Encoding.UTF8.GetString(Cut(metric.Unit));

    private static string MetricName(ReadOnlySpan<byte> name) => Encoding.UTF8.GetString(name);

    private static ReadOnlySpan<byte> Cut(ReadOnlySpan<byte> text) => text.Length > IntakeLimits.MostLabelBytes ? IntakeLimits.Other : text;
}
