using System.Text;
using Kpi.Collector.Lookup;
using Kpi.Collector.Otlp;
using Kpi.Collector.Otlp.Metrics;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Intake;

namespace Kpi.Collector.Points;

/// <summary>
/// Finds the series of a data point: at once when a point with the same bytes for attributes was seen before, else by building its
/// labels. The same attributes in another order have another key and the same series.
/// </summary>
internal sealed class PointSeries(SeriesCatalog catalog, ResourceTable resources, LabelShaper shaper)
{
    /// <summary>Not seen before.</summary>
    public const int Unknown = -1;

    private readonly KnownSeries known = new(catalog);

    /// <summary>Begins the key of a metric's points. Increases and running totals are shaped differently, so they are known apart.</summary>
    public static void Begin(ref KeyBuffer key, scoped in PointOrigin origin, scoped in MetricFacts metric)
    {
        key.Number(origin.Resource);
        key.Number((int)metric.Kind | ((int)metric.SeriesKind << 8) | ((int)metric.Temporality << 16));
        key.Text(Cut(origin.Scope));
        key.Text(Cut(metric.Name));
    }

    public int Find(ReadOnlySpan<byte> key) => known.TryGet(key, out var slot) ? slot : Unknown;

    /// <summary>Makes a series, or says why not. The point is sound.</summary>
    /// <param name="wanted">Which series it is.</param>
    /// <param name="metric">The point's metric.</param>
    /// <param name="point">The point.</param>
    /// <param name="origin">Where it comes from.</param>
    /// <param name="key">By which the series will be known; empty when it is too long for that.</param>
    /// <param name="slot">The series.</param>
    /// <param name="tally">Where remarks are counted.</param>
    public RejectReason? TryCreate(
        SeriesPart wanted, scoped in MetricFacts metric, scoped in PointFacts point, scoped in PointOrigin origin, ReadOnlySpan<byte> key, out int slot, ref ItemTally tally)
    {
        // Checked before any string is made: when labels explode, this is the path of every point.
        var name = Encoding.UTF8.GetString(metric.Name) + wanted.Suffix;
        slot = Unknown;
        if (point.Attributes > PointLabels.MostAttributes)
        {
            return RejectReason.TooManyLabels;
        }

        var ofResource = origin.Resource == ResourceTable.Overflow ? null : resources[origin.Resource];
        if (ofResource is null)
        {
            return Overflow(wanted.Kind, in metric, in point, name, out slot, ref tally);
        }

        var labels = new PointLabels(ofResource, Encoding.UTF8.GetString(Cut(origin.Scope)), name);
        if (!labels.TryAdd(point.Message, PointReader.AttributesOf(metric.Kind)))
        {
            return RejectReason.TooManyLabels;
        }

        if (wanted.Label is { } label)
        {
            labels.Add(label);
        }

        var table = known.Current;
        var shaped = labels.ToLabels(shaper, table.Policy, addsUp: metric.Temporality == Temporality.Delta, ref tally);
        if (catalog.GetOrAddWithinCap(wanted.Kind, UnitOf(in metric), shaped) is not { } series)
        {
            return Overflow(wanted.Kind, in metric, in point, name, out slot, ref tally);
        }

        slot = series.Slot;
        if (labels.LongValues > 0)
        {
            tally.Count(RejectReason.LongLabelValue);
        }
        else if (!key.IsEmpty)
        {
            known.Remember(table, key, series);
        }

        return null;
    }

    // Increases of many series add up in one; running totals and what is merely read do not.
    private RejectReason? Overflow(
        SeriesKind kind, scoped in MetricFacts metric, scoped in PointFacts point, string name, out int slot, ref ItemTally tally)
    {
        slot = Unknown;
        if (kind == SeriesKind.Gauge || metric.Temporality != Temporality.Delta || point.HasNoRecordedValue)
        {
            return RejectReason.TooManySeries;
        }

        tally.Count(RejectReason.SeriesOverflow);
        slot = catalog.Overflow(kind, UnitOf(in metric), name).Slot;
        return null;
    }

    private static string UnitOf(scoped in MetricFacts metric) => Encoding.UTF8.GetString(Cut(metric.Unit));

    private static ReadOnlySpan<byte> Cut(ReadOnlySpan<byte> text) => text.Length > IntakeLimits.MostLabelBytes ? IntakeLimits.Other : text;
}
