using Kpi.Collector.Lookup;
using Kpi.Collector.Protobuf;
using Kpi.Collector.Spans;
using Kpi.Rollups.Lanes;

namespace Kpi.Collector.Otlp.Traces;

/// <summary>
/// Reads the spans of one request and hands each to the translator. Nothing is copied: all slices point into the body, which must
/// outlive the walk.
/// </summary>
internal ref struct TraceWalk : IItemWalk
{
    private readonly SpanTranslator translator;
    private readonly ResourceTable resources;
    private readonly SampleBatch batch;
    private readonly IntakeLimits limits;
    private readonly bool create;
    private readonly Span<byte> room;
    private SpanFacts span;
    private OtlpAttribute attribute;
    private ItemTally tally;
    private int resource;
    private bool malformed;

    public TraceWalk(
        ReadOnlySpan<byte> body,
        SpanTranslator translator,
        ResourceTable resources,
        IntakeLimits limits,
        bool create,
        SampleBatch batch,
        Span<byte> room)
    {
        this.room = room;
        this.translator = translator;
        this.resources = resources;
        this.limits = limits;
        this.create = create;
        this.batch = batch;
        span = new SpanFacts(body);
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

    // A scope says nothing that becomes a label.
    public readonly void EnterScope(ReadOnlySpan<byte> name)
    {
    }

    public bool TryTake(ReadOnlySpan<byte> message, bool utf8)
    {
        span.Reset();
        span.IsUtf8 = utf8;
        tally.Items++;
        malformed = false;
        var reader = new ProtoReader(message);
        while (reader.TryReadTag(out var tag))
        {
            switch (tag)
            {
                case TraceTags.Span.TraceId:
                    span.HasValidTraceId = IsId(reader.ReadBytes(), 16);
                    break;
                case TraceTags.Span.SpanId:
                    span.HasValidSpanId = IsId(reader.ReadBytes(), 8);
                    break;
                case TraceTags.Span.TraceState:
                    span.TraceState = reader.ReadBytes();
                    span.IsUtf8 &= Utf8Text.IsValid(span.TraceState);
                    break;
                case TraceTags.Span.Name:
                    span.IsUtf8 &= Utf8Text.IsValid(reader.ReadBytes());
                    break;
                case TraceTags.Span.Kind:
                    span.Kind = (int)reader.ReadVarint();
                    break;
                case TraceTags.Span.StartTime:
                    span.Start = reader.ReadFixed64();
                    break;
                case TraceTags.Span.EndTime:
                    span.End = reader.ReadFixed64();
                    break;
                case TraceTags.Span.Attributes:
                    WalkSpanAttribute(reader.ReadBytes());
                    break;
                case TraceTags.Span.Events:
                    malformed |= !SpanPartReader.TryReadEvent(reader.ReadBytes(), ref span.IsUtf8);
                    break;
                case TraceTags.Span.Links:
                    malformed |= !SpanPartReader.TryReadLink(reader.ReadBytes(), ref span.IsUtf8);
                    break;
                case TraceTags.Span.Status:
                    malformed |= !SpanPartReader.TryReadStatus(reader.ReadBytes(), ref span.HasError, ref span.IsUtf8);
                    break;
                default:
                    reader.Skip(tag);
                    break;
            }
        }

        if (reader.Failed || malformed)
        {
            return false;
        }

        tally.See(span.End, limits.Receipt);
        MetUnknown |= !translator.TryAdd(in span, resource, limits, create, batch, room, ref tally);
        return true;
    }

    private void WalkSpanAttribute(ReadOnlySpan<byte> message)
    {
        malformed |= !AttributeReader.TryRead(message, ref attribute, ref span.IsUtf8);
        var key = SpanKeys.Find(attribute.Key);
        if (key.Role == SpanKeyRole.None)
        {
            span.IsUtf8 &= Utf8Text.IsValid(attribute.Key);
        }
        else
        {
            span.Take(key, in attribute);
        }

        if (attribute.Kind == AttributeKind.String)
        {
            span.IsUtf8 &= Utf8Text.IsValid(attribute.Text);
        }
    }

    private static bool IsId(ReadOnlySpan<byte> id, int length) => id.Length == length && id.ContainsAnyExcept((byte)0);
}
