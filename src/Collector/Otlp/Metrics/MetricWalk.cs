using Kpi.Collector.Lookup;
using Kpi.Collector.Points;
using Kpi.Collector.Protobuf;
using Kpi.Rollups.Lanes;
using Kpi.Rollups.Time;

namespace Kpi.Collector.Otlp.Metrics;

/// <summary>
/// Reads the metrics of one request and hands the points of counters to the translator; of other kinds it checks and counts them.
/// Nothing is copied but keys: all slices point into the body, which must outlive the walk.
/// </summary>
internal ref struct MetricWalk : IItemWalk
{
    private readonly PointTranslator translator;
    private readonly ResourceTable resources;
    private readonly SampleBatch batch;
    private readonly IntakeLimits limits;
    private readonly bool create;
    private readonly Span<byte> room;
    private ReadOnlySpan<byte> scope;
    private PointFacts point;
    private ItemTally tally;
    private int resource;

    public MetricWalk(PointTranslator translator, ResourceTable resources, IntakeLimits limits, bool create, SampleBatch batch, Span<byte> room)
    {
        this.translator = translator;
        this.resources = resources;
        this.limits = limits;
        this.create = create;
        this.batch = batch;
        this.room = room;
    }

    /// <summary>Something new was met and <c>create</c> not set: walk again with it. Only then may series be made, for by then the body is known to be sound.</summary>
    public bool MetUnknown { get; private set; }

    public readonly ItemTally Tally => tally;

    public bool EnterResource(scoped in ResourceFacts facts)
    {
        resource = resources.Find(in facts, limits, create);
        MetUnknown |= resource == ResourceTable.Unknown;
        return resource != ResourceTable.NotUtf8;
    }

    public void EnterScope(ReadOnlySpan<byte> name) => scope = name;

    public bool TryTake(ReadOnlySpan<byte> message, bool utf8)
    {
        var metric = new MetricFacts { IsUtf8 = utf8 };
        if (!MetricReader.TryRead(message, ref metric, out var firstOfKind))
        {
            return false;
        }

        var key = new KeyBuffer(room);
        PointSeries.Begin(ref key, resource, scope, in metric);
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
            var sound = metric.Kind == PointKind.Counter
                ? TryTakeCounter(in metric, key)
                : TryCount(in metric);
            if (!sound)
            {
                return false;
            }

            Hear(in metric);
        }

        return true;
    }

    // Who sends running totals sends them again and again, so that its silence says something. It was heard at the point's time, not
    // at its arrival: a batch that comes late tells of then, and a replay finds the same.
    private readonly void Hear(scoped in MetricFacts metric)
    {
        if (metric.Temporality == Temporality.Cumulative && limits.Holds(point.Time) && resources.SourceOf(resource) is { } source)
        {
            batch.Hear(source, Slice.Of(new UnixNanos((long)point.Time)).Number);
        }
    }

    private bool TryTakeCounter(scoped in MetricFacts metric, scoped KeyBuffer key)
    {
        if (!NumberPointReader.TryRead(point.Message, ref point))
        {
            return false;
        }

        // The attributes of a known series are those of a point that was found sound before, byte for byte.
        var fits = metric.Name.Length <= IntakeLimits.MostLabelBytes && NumberPointReader.TryAddAttributes(point.Message, ref key);
        var slot = fits ? translator.Find(key.Written) : PointSeries.Unknown;
        if (slot < 0 && !NumberPointReader.TryCheckAttributes(point.Message, ref point.IsUtf8))
        {
            return false;
        }

        MetUnknown |= !translator.TryAdd(slot, in metric, in point, resource, scope, fits ? key.Written : default, limits, create, batch, ref tally);
        return true;
    }

    private bool TryCount(scoped in MetricFacts metric)
    {
        if (!PointReader.TryRead(point.Message, metric.Kind, ref point))
        {
            return false;
        }

        PointTranslator.Count(in metric, in point, limits, ref tally);
        return true;
    }

    private static bool IsSound(ReadOnlySpan<byte> data, PointKind kind)
    {
        var reader = new ProtoReader(data);
        while (reader.TryReadTag(out var tag))
        {
            var ignored = default(PointFacts);
            if (tag != MetricTags.Points.DataPoints)
            {
                reader.Skip(tag);
            }
            else if (!PointReader.TryRead(reader.ReadBytes(), kind, ref ignored))
            {
                return false;
            }
        }

        return true;
    }
}
