using Kpi.Collector.Protobuf;
using Kpi.Collector.Spans;
using Kpi.Rollups.Lanes;

namespace Kpi.Collector.Otlp;

/// <summary>
/// Walks one trace request and hands each span to the translator. Nothing is copied: all slices point into the body, which must
/// outlive the walk. A walk that says <see cref="Malformed"/> has put rubbish into the batch; the caller clears it.
/// </summary>
internal ref struct TraceWalk
{
    private readonly SpanTranslator translator;
    private readonly ResourceTable resources;
    private readonly SampleBatch batch;
    private readonly SpanLimits limits;
    private readonly bool create;
    private readonly ReadOnlySpan<byte> body;
    private readonly Span<byte> room;
    private SpanFacts span;
    private OtlpAttribute attribute;
    private SpanTally tally;

    public TraceWalk(
        ReadOnlySpan<byte> body,
        SpanTranslator translator,
        ResourceTable resources,
        SpanLimits limits,
        bool create,
        SampleBatch batch,
        Span<byte> room)
    {
        this.body = body;
        this.room = room;
        this.translator = translator;
        this.resources = resources;
        this.limits = limits;
        this.create = create;
        this.batch = batch;
        span = new SpanFacts(body);
    }

    /// <summary>The body is not a trace request.</summary>
    public bool Malformed { get; private set; }

    /// <summary>Something new was met and <c>create</c> not set: walk again with it. Only then may series be made, for by then the body is known to be sound.</summary>
    public bool MetUnknown { get; private set; }

    public readonly SpanTally Tally => tally;

    public void Run()
    {
        var reader = new ProtoReader(body);
        while (reader.TryReadTag(out var tag))
        {
            if (tag == TraceTags.Request.ResourceSpans)
            {
                WalkResourceSpans(reader.ReadBytes());
            }
            else
            {
                reader.Skip(tag);
            }
        }

        Malformed |= reader.Failed;
    }

    // The resource may come behind the spans, or twice (then both count as one), so it is looked for first, in hops over the rest.
    private void WalkResourceSpans(ReadOnlySpan<byte> message)
    {
        var facts = new ResourceFacts { IsUtf8 = true };
        var reader = new ProtoReader(message);
        while (reader.TryReadTag(out var tag))
        {
            switch (tag)
            {
                case TraceTags.ResourceSpans.Resource:
                    Malformed |= !ResourceReader.TryRead(reader.ReadBytes(), ref facts);
                    break;
                case TraceTags.ResourceSpans.SchemaUrl:
                    facts.IsUtf8 &= Utf8Text.IsValid(reader.ReadBytes());
                    break;
                default:
                    reader.Skip(tag);
                    break;
            }
        }

        if (reader.Failed)
        {
            Malformed = true;
            return;
        }

        var resource = resources.Find(in facts, limits, create);
        MetUnknown |= resource == ResourceTable.Unknown;
        var utf8 = facts.IsUtf8 && resource != ResourceTable.NotUtf8;
        reader = new ProtoReader(message);
        while (reader.TryReadTag(out var tag))
        {
            if (tag == TraceTags.ResourceSpans.ScopeSpans)
            {
                WalkScopeSpans(reader.ReadBytes(), resource, utf8);
            }
            else
            {
                reader.Skip(tag);
            }
        }
    }

    // A scope says nothing that becomes a label; it is read because bad bytes in it make the request, or its spans, bad.
    private void WalkScopeSpans(ReadOnlySpan<byte> message, int resource, bool utf8)
    {
        var reader = new ProtoReader(message);
        while (reader.TryReadTag(out var tag))
        {
            switch (tag)
            {
                case TraceTags.ScopeSpans.Scope:
                    Malformed |= !SpanPartReader.TryReadScope(reader.ReadBytes(), ref utf8);
                    break;
                case TraceTags.ScopeSpans.SchemaUrl:
                    utf8 &= Utf8Text.IsValid(reader.ReadBytes());
                    break;
                default:
                    reader.Skip(tag);
                    break;
            }
        }

        if (reader.Failed)
        {
            Malformed = true;
            return;
        }

        reader = new ProtoReader(message);
        while (reader.TryReadTag(out var tag))
        {
            if (tag == TraceTags.ScopeSpans.Spans)
            {
                WalkSpan(reader.ReadBytes(), resource, utf8);
            }
            else
            {
                reader.Skip(tag);
            }
        }
    }

    private void WalkSpan(ReadOnlySpan<byte> message, int resource, bool utf8)
    {
        span.Reset();
        span.IsUtf8 = utf8;
        tally.Spans++;
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
                    Malformed |= !SpanPartReader.TryReadEvent(reader.ReadBytes(), ref span.IsUtf8);
                    break;
                case TraceTags.Span.Links:
                    Malformed |= !SpanPartReader.TryReadLink(reader.ReadBytes(), ref span.IsUtf8);
                    break;
                case TraceTags.Span.Status:
                    Malformed |= !SpanPartReader.TryReadStatus(reader.ReadBytes(), ref span.HasError, ref span.IsUtf8);
                    break;
                default:
                    reader.Skip(tag);
                    break;
            }
        }

        if (reader.Failed || Malformed)
        {
            Malformed = true;
            return;
        }

        MetUnknown |= !translator.TryAdd(in span, resource, limits, create, batch, room, ref tally);
    }

    private void WalkSpanAttribute(ReadOnlySpan<byte> message)
    {
        Malformed |= !AttributeReader.TryRead(message, ref attribute, ref span.IsUtf8);
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
