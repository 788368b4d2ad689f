using Kpi.Collector.Lookup;
using Kpi.Collector.Points;
using Kpi.Collector.Protobuf;
using Kpi.Rollups.Lanes;
using Kpi.Rollups.Time;

namespace Kpi.Collector.Otlp.Metrics;

/// <summary>
/// Reads the metrics of one request and hands their points to the translator. Nothing is copied but keys and buckets: all slices point
/// into the body, which must outlive the walk.
/// </summary>
internal ref struct MetricWalk : IItemWalk
{
    private readonly PointTranslator translator;
    private readonly ResourceTable resources;
    private readonly Span<byte> room;
    private PointOrigin origin;
    private PointFacts point;
    private ItemTally tally;

    public MetricWalk(PointTranslator translator, ResourceTable resources, IntakeLimits limits, bool create, SampleBatch batch, Span<byte> room)
    {
        this.translator = translator;
        this.resources = resources;
        this.room = room;
        origin = new PointOrigin { Limits = limits, Create = create, Batch = batch };
    }

    /// <summary>Something new was met and <c>create</c> not set: walk again with it. Only then may series be made, for by then the body is known to be sound.</summary>
    public bool MetUnknown { get; private set; }

    public readonly ItemTally Tally => tally;

    public bool EnterResource(scoped in ResourceFacts facts)
    {
        origin.Resource = resources.Find(in facts, origin.Limits, origin.Create);
        MetUnknown |= origin.Resource == ResourceTable.Unknown;
        return origin.Resource != ResourceTable.NotUtf8;
    }

    public void EnterScope(ReadOnlySpan<byte> name) => origin.Scope = name;

    public bool TryTake(ReadOnlySpan<byte> message, bool utf8)
    {
        var metric = new MetricFacts { IsUtf8 = utf8 };
        if (!MetricReader.TryRead(message, ref metric, out var firstOfKind))
        {
            return false;
        }

        var key = new KeyBuffer(room);
        PointSeries.Begin(ref key, in origin, in metric);
        var dataMessages = 0;
        var reader = new ProtoReader(message);
        while (reader.TryReadTag(out var tag))
        {
            if (!MetricReader.IsOfData(tag))
            {
                reader.Skip(tag);
                continue;
            }

            var data = reader.ReadBytes();
            var sound = dataMessages++ >= firstOfKind
                ? TryTakePoints(data, in metric, key)
                : IsSound(data, MetricReader.KindOf(tag, monotonic: false));
            if (!sound)
            {
                return false;
            }
        }

        return true;
    }

    private bool TryTakePoints(ReadOnlySpan<byte> data, scoped in MetricFacts metric, scoped KeyBuffer key)
    {
        var reader = new ProtoReader(data);
        while (reader.TryReadTag(out var tag))
        {
            if (tag != MetricTags.Points.DataPoints)
            {
                reader.Skip(tag);
                continue;
            }

            tally.Items++;
            point = default;
            point.Message = reader.ReadBytes();
            point.IsUtf8 = metric.IsUtf8;
            if (!TryTakePoint(in metric, key))
            {
                return false;
            }

            tally.See(point.Time, origin.Limits.Receipt);
            Hear(in metric);
        }

        return true;
    }

    // Who sends what stands, sends it again and again, so that its silence says something. It was heard at the point's time, not at its
    // arrival: a batch that comes late tells of then, and a replay finds the same.
    private readonly void Hear(scoped in MetricFacts metric)
    {
        if (metric.Temporality != Temporality.Delta && origin.Limits.Holds(point.Time) && resources.SourceOf(origin.Resource) is { } source)
        {
            origin.Batch.Hear(source, Slice.Of(new UnixNanos((long)point.Time)).Number);
        }
    }

    private bool TryTakePoint(scoped in MetricFacts metric, scoped KeyBuffer key)
    {
        if (!PointReader.TryRead(point.Message, metric.Kind, ref point))
        {
            return false;
        }

        // The attributes of a known series are those of a point that was found sound before, byte for byte.
        var attributes = PointReader.AttributesOf(metric.Kind);
        var keyed = metric.Name.Length <= IntakeLimits.MostLabelBytes && PointReader.TryAddAttributes(point.Message, attributes, ref key);
        var slot = keyed && metric.Kind != PointKind.Summary ? translator.Find(key.Written) : PointSeries.Unknown;
        if (slot < 0 && !PointReader.TryCheckAttributes(point.Message, attributes, ref point.IsUtf8))
        {
            return false;
        }

        MetUnknown |= !translator.TryAdd(slot, in metric, in point, in origin, key, keyed, ref tally);
        return true;
    }

    private static bool IsSound(ReadOnlySpan<byte> data, PointKind kind)
    {
        var reader = new ProtoReader(data);
        while (reader.TryReadTag(out var tag))
        {
            if (tag != MetricTags.Points.DataPoints)
            {
                reader.Skip(tag);
            }
            else if (!PointReader.IsSound(reader.ReadBytes(), kind))
            {
                return false;
            }
        }

        return true;
    }
}
