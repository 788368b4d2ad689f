using Kpi.Rollups.Intake;
using Kpi.Witness;

namespace Kpi.Tests.Collector.Otlp.Traces;

/// <summary>
/// Ingest reference 1.8, last trap: official decoders refuse the whole request for one string that is not UTF-8. We reject the
/// spans it belongs to and keep the rest.
/// </summary>
public sealed class TraceDecoderUtf8Tests : IDisposable
{
    private const string Bad = TestSpans.Spoiled;

    private static readonly Dictionary<string, Action<Span>> InSpan = new()
    {
        ["name"] = span => span.Name = Bad,
        ["trace state"] = span => span.TraceState = Bad,
        ["attribute key"] = span => span.Attributes.Add(TestSpans.Attribute(Bad + "=v")),
        ["attribute value, a label"] = span => span.Attributes.Add(TestSpans.Attribute("http.route=/" + Bad)),
        ["attribute value, no label"] = span => span.Attributes.Add(TestSpans.Attribute("url.path=/" + Bad)),
        ["attribute value, a status"] = span => span.Attributes.Add(TestSpans.Attribute("http.response.status_code=" + Bad)),
        ["array item"] = span => span.Attributes.Add(new KeyValue { Key = "k", Value = InArray() }),
        ["list key"] = span => span.Attributes.Add(new KeyValue { Key = "k", Value = InList(Bad + "=v") }),
        ["list value"] = span => span.Attributes.Add(new KeyValue { Key = "k", Value = InList("k=" + Bad) }),
        ["event name"] = span => span.Events.Add(new Span.Types.Event { Name = Bad }),
        ["event attribute key"] = span => span.Events.Add(new Span.Types.Event { Attributes = { TestSpans.Attribute(Bad + "=v") } }),
        ["event attribute value"] = span => span.Events.Add(new Span.Types.Event { Attributes = { TestSpans.Attribute("k=" + Bad) } }),
        ["link trace state"] = span => span.Links.Add(new Span.Types.Link { TraceState = Bad }),
        ["link attribute key"] = span => span.Links.Add(new Span.Types.Link { Attributes = { TestSpans.Attribute(Bad + ":1") } }),
        ["link attribute value"] = span => span.Links.Add(new Span.Types.Link { Attributes = { TestSpans.Attribute("k=" + Bad) } }),
        ["status message"] = span => span.Status = new SpanStatus { Message = Bad },
    };

    private static readonly Dictionary<string, Action<ResourceSpans>> AboveSpan = new()
    {
        ["resource attribute key"] = r => r.Resource.Attributes.Add(TestSpans.Attribute(Bad + "=v")),
        ["resource attribute value, a label"] = r => r.Resource.Attributes.Add(TestSpans.Attribute("service.namespace=" + Bad)),
        ["service name"] = r => r.Resource.Attributes.Add(TestSpans.Attribute("service.name=" + Bad)),
        ["resource attribute value, no label"] = r => r.Resource.Attributes.Add(TestSpans.Attribute("host.name=" + Bad)),
        ["entity reference type"] = r => r.Resource.EntityRefs.Add(new EntityRef { Type = Bad }),
        ["entity reference key"] = r => r.Resource.EntityRefs.Add(new EntityRef { IdKeys = { "a", Bad } }),
        ["entity reference description"] = r => r.Resource.EntityRefs.Add(new EntityRef { DescriptionKeys = { Bad } }),
        ["entity reference schema"] = r => r.Resource.EntityRefs.Add(new EntityRef { SchemaUrl = Bad }),
        ["resource schema"] = r => r.SchemaUrl = Bad,
        ["scope schema"] = r => r.ScopeSpans[0].SchemaUrl = Bad,
        ["scope name"] = r => r.ScopeSpans[0].Scope = new InstrumentationScope { Name = Bad },
        ["scope version"] = r => r.ScopeSpans[0].Scope = new InstrumentationScope { Version = Bad },
        ["scope attribute key"] = r => r.ScopeSpans[0].Scope = new InstrumentationScope { Attributes = { TestSpans.Attribute(Bad + "=v") } },
        ["scope attribute value"] = r => r.ScopeSpans[0].Scope = new InstrumentationScope { Attributes = { TestSpans.Attribute("k=" + Bad) } },
    };

    private readonly DecoderBed bed = new();

    public static TheoryData<string> PlacesInSpan => [.. InSpan.Keys];

    public static TheoryData<string> PlacesAboveSpan => [.. AboveSpan.Keys];

    public void Dispose() => bed.Dispose();

    [Theory]
    [MemberData(nameof(PlacesInSpan))]
    public void In_a_span_it_rejects_that_span(string place)
    {
        var bad = TestSpans.Get("/bad");
        InSpan[place](bad);
        var body = TestSpans.Spoil(TestSpans.Request(TestSpans.Get("/a"), bad, TestSpans.Get("/b")));

        // Twice: with series to be made, and with all known.
        for (var round = 0; round < 2; round++)
        {
            var decoded = bed.Decode(body);
            Assert.True(decoded.Taken);
            Assert.Equal((3, 1, 1), (decoded.Tally.Items, decoded.Tally.Rejected, decoded.Tally[RejectReason.InvalidUtf8]));
            Assert.Equal(2, decoded.Samples.Count);
            Assert.DoesNotContain(decoded.Samples, s => s.Labels.Contains("/bad", StringComparison.Ordinal));
        }

        Assert.Equal(2, bed.Catalog.Count);
    }

    [Theory]
    [MemberData(nameof(PlacesAboveSpan))]
    public void Above_spans_it_rejects_all_below_and_no_others(string place)
    {
        var bad = TestSpans.From("bad", TestSpans.Get(), TestSpans.Get());
        AboveSpan[place](bad);
        var body = TestSpans.Spoil(new ExportTraceServiceRequest { ResourceSpans = { TestSpans.From("one", TestSpans.Get()), bad, TestSpans.From("two", TestSpans.Get()) } });
        for (var round = 0; round < 2; round++)
        {
            var decoded = bed.Decode(body);
            Assert.True(decoded.Taken);
            Assert.Equal((4, 2, 2), (decoded.Tally.Items, decoded.Tally.Rejected, decoded.Tally[RejectReason.InvalidUtf8]));
            Assert.Equal(2, decoded.Samples.Count);
        }

        Assert.Equal(2, bed.Catalog.Count);
    }

    private static AnyValue InArray() => new() { ArrayValue = new ArrayValue { Values = { new AnyValue { StringValue = Bad } } } };

    private static AnyValue InList(string pair) => new() { KvlistValue = new KeyValueList { Values = { TestSpans.Attribute(pair) } } };
}
