using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Kpi.Collector.Lookup;
using Kpi.Collector.Otlp;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Intake;

namespace Kpi.Collector.Spans;

/// <summary>
/// Finds the series of a span: at once when its like was seen before, else by building its labels.
/// </summary>
internal sealed class SpanSeries(SeriesCatalog catalog, ResourceTable resources, LabelShaper shaper)
{
    /// <summary>Result of <see cref="Find"/>: not seen before, look again with leave to create.</summary>
    public const int Unknown = -1;

    private const int NotUtf8 = -2;

    private readonly KnownSeries known = new(catalog);

    /// <summary>The slot of the span's series; <see cref="Unknown"/> when it is new and <paramref name="create"/> is false; below that when it cannot be one.</summary>
    /// <param name="room">For the key: <see cref="KeyBuffer.MostBytes"/>, whatever is in it.</param>
    public int Find(in SpanFacts span, SpanMetric metric, int resource, bool create, Span<byte> room, ref ItemTally tally)
    {
        var key = new KeyBuffer(room);
        key.Number(resource);
        var httpStatus = metric.HasHttpStatus ? span.HttpStatus : SpanFacts.NoStatus;
        var shed = metric.HasHttpStatus && span.Shed;
        key.Number(metric.Number | (shed ? 1 << 8 : 0) | (httpStatus << 16));
        foreach (var (slot, _) in metric.Labels)
        {
            key.Text(LabelValue.Of(slot, in span, metric, ref tally));
        }

        if (httpStatus == 0)
        {
            tally.Count(RejectReason.InvalidStatusCode);
        }

        if (known.TryGet(key.Written, out var found))
        {
            return found;
        }

        return create ? Create(in span, metric, resource, key.Written, ref tally) : Unknown;
    }

    private int Create(in SpanFacts span, SpanMetric metric, int resource, ReadOnlySpan<byte> key, ref ItemTally tally)
    {
        if (!AreUtf8(in span, metric))
        {
            return NotUtf8;
        }

        // Checked before any string is made: when labels explode, this is the path of every span.
        var table = known.Current;
        var ofResource = resource == ResourceTable.Overflow ? null : resources[resource];
        if (ofResource is null || (catalog.IsFull(SeriesKind.Distribution, metric.Name) && !known.MayLack(table, metric.Name)))
        {
            tally.Count(RejectReason.SeriesOverflow);
            return catalog.Overflow(SeriesKind.Distribution, "s", metric.Name).Slot;
        }

        var labels = LabelsOf(in span, metric, ofResource, table.Policy, ref tally);
        var series = catalog.GetOrAdd(SeriesKind.Distribution, "s", labels, out var overflowed);
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

    private static bool AreUtf8(in SpanFacts span, SpanMetric metric)
    {
        foreach (var (slot, _) in metric.Labels)
        {
            if (!Utf8.IsValid(span[slot]))
            {
                return false;
            }
        }

        return true;
    }

    private Labels LabelsOf(in SpanFacts span, SpanMetric metric, KeyValuePair<string, string>[] ofResource, LabelPolicy policy, ref ItemTally tally)
    {
        var pairs = new List<KeyValuePair<string, string>>(ofResource)
        {
            new(LabelNames.From, "spans"),
        };
        var ignored = default(ItemTally);
        foreach (var (slot, name) in metric.Labels)
        {
            pairs.Add(new(name, Encoding.UTF8.GetString(LabelValue.Of(slot, in span, metric, ref ignored))));
        }

        if (metric.HasHttpStatus && span.HttpStatus > 0)
        {
            pairs.Add(new("http.response.status_code", span.HttpStatus.ToString(CultureInfo.InvariantCulture)));
        }

        if (metric.HasHttpStatus && span.Shed)
        {
            pairs.Add(new("app.shed", "true"));
        }

        shaper.Shape(policy, metric.Name, pairs, addsUp: true, ref tally);
        return Labels.Of([.. pairs, new(LabelNames.MetricName, metric.Name)]);
    }
}
