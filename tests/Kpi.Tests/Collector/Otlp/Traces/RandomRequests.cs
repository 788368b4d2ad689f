using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;
using Kpi.Witness;

namespace Kpi.Tests.Collector.Otlp.Traces;

/// <summary>Random requests, dense in what makes a difference.</summary>
internal static class RandomRequests
{
    private static readonly string Long = new('x', 257);

    private static readonly string[] Names =
    [
        "http.request.method", "http.method", "http.route", "http.target", "url.path", "http.response.status_code", "http.status_code", "error.type",
        "user_agent.synthetic.type", "server.address", "net.peer.name", "app.shed",
        "db.system.name", "db.system", "db.namespace", "db.name", "db.operation.name", "db.operation", "db.collection.name", "db.sql.table",
        "db.client.connection.pool.name", "db.npgsql.data_source", "db.statement", "db.query.text",
        "rpc.system.name", "rpc.system", "rpc.service", "rpc.method", "rpc.response.status_code", "rpc.grpc.status_code",
        "messaging.system", "messaging.destination.template", "messaging.destination.name", "messaging.destination", "messaging.operation.name",
        "messaging.operation.type", "messaging.operation", "messaging.consumer.group.name", "other", "http.routf", "",
    ];

    private static readonly Gen<AnyValue?> Values = Gen.Frequency(
        (8, Gen.Elements("GET", "QUERY", "get", "", "/a", "/b/{id}", "process", "deliver", "receive", "200", "404", "99", "true", "é", "日本", Long).Select(s => (AnyValue?)new AnyValue { StringValue = s })),
        (4, Gen.Elements(0L, 1L, 5L, 16L, 17L, 100L, 200L, 404L, 503L, 599L, 600L, -1L, 1L << 40).Select(n => (AnyValue?)new AnyValue { IntValue = n })),
        (1, Gen.Elements(true, false).Select(b => (AnyValue?)new AnyValue { BoolValue = b })),
        (1, Gen.Elements(200.0, double.NaN).Select(d => (AnyValue?)new AnyValue { DoubleValue = d })),
        (1, Gen.Constant((AnyValue?)new AnyValue { BytesValue = ByteString.CopyFrom(1, 255) })),
        (1, Gen.Constant((AnyValue?)new AnyValue { ArrayValue = new ArrayValue { Values = { new AnyValue { StringValue = "x" }, new AnyValue() } } })),
        (1, Gen.Constant((AnyValue?)new AnyValue { KvlistValue = new KeyValueList { Values = { TestSpans.Attribute("http.route=/no") } } })),
        (1, Gen.Constant((AnyValue?)new AnyValue())),
        (1, Gen.Constant((AnyValue?)null)));

    private static readonly Gen<KeyValue> Attributes = Pairs(Names);

    private static readonly Gen<string> TraceStates = Gen.Frequency(
        (6, Gen.Constant("")),
        (4, Gen.Elements("ot=th:8", "ot=th:c", "ot=th:b33333333333334", "ot=th:0", "ot=th:ffffffffffffff", "ot=rv:1;th:C", "a=b, ot=th:8;x:1 ,c=d", "ot=th:", "ot=th:xyz",
            "ot=th:123456789012345", "ot=;", "other=th:8", "ot=th:8,ot=th:c", ",,ot=th:4", "ot=xth:8", "th:8")));

    private static readonly Gen<ByteString> TraceIds = Ids(16);

    private static readonly Gen<ByteString> SpanIds = Ids(8);

    private static readonly Gen<ulong> Ends = Gen.Frequency(
        (20, Gen.Choose(0, 1_000_000_000).Select(n => TestSpans.End - (ulong)n)),
        (2, Gen.Choose(-2, 2).Select(n => (ulong)(TestSpans.Receipt.Value + 600_000_000_000 + n))),
        (2, Gen.Choose(-2, 2).Select(n => (ulong)((TestSpans.Receipt.Value - 259_200_000_000_000 - 1) / 10_000_000_000 * 10_000_000_000 + n))),
        (2, Gen.Choose(-1, 1).Select(n => (ulong)((long)(TestSpans.End / 10_000_000_000 * 10_000_000_000) + n))),
        (1, Gen.Elements(0UL, 1UL, ulong.MaxValue, 1UL << 63)));

    private static readonly Gen<Span> Spans =
        from kind in Gen.Frequency((1, Gen.Choose(0, 7)), (6, Gen.Elements(2, 3, 5)))
        from protocol in Gen.Elements(
            "http.request.method=GET", "http.method=POST", "db.system.name=postgresql", "db.system=redis", "rpc.system.name=grpc", "rpc.system=grpc", "messaging.system=kafka", "other=x")
        from attributes in Gen.ListOf(Attributes, 12)
        from count in Gen.Choose(0, 12)
        from end in Ends
        from before in Gen.Elements(0L, 1L, 20_000_000L, -1L, long.MinValue)
        from state in TraceStates
        from trace in TraceIds
        from id in SpanIds
        from error in Gen.Choose(0, 4)
        from rest in Gen.Choose(0, 3)
        select Span((SpanKind)kind, attributes.Take(count).Append(TestSpans.Attribute(protocol)), end, before, state, trace, id, error, rest);

    private static readonly Gen<ResourceSpans> Resources =
        from attributes in Gen.ListOf(Pairs(["service.name", "service.namespace", "deployment.environment.name", "deployment.environment", "other"]), 3)
        from present in Gen.Choose(0, 5)
        from first in Gen.ListOf(Spans, 3)
        from second in Gen.ListOf(Spans, 2)
        select new ResourceSpans
        {
            Resource = present == 0 ? null : new Resource { Attributes = { attributes } },
            SchemaUrl = "https://opentelemetry.io/schemas/1.44.0",
            ScopeSpans = { new ScopeSpans { Scope = new InstrumentationScope { Name = "s" }, Spans = { first } }, new ScopeSpans { Spans = { second } } },
        };

    public static Arbitrary<ExportTraceServiceRequest> Arbitrary { get; } =
        Gen.ListOf(Resources, 2).Select(r => new ExportTraceServiceRequest { ResourceSpans = { r } }).ToArbitrary();

    private static Gen<KeyValue> Pairs(string[] names) =>
        from name in Gen.Elements(names)
        from value in Values
        select new KeyValue { Key = name, Value = value?.Clone() };

    private static Gen<ByteString> Ids(int length) => Gen.Frequency(
        (30, Gen.Constant(ByteString.CopyFrom([.. Enumerable.Repeat((byte)7, length)]))),
        (1, Gen.Elements(ByteString.Empty, ByteString.CopyFrom(new byte[length]), ByteString.CopyFrom(new byte[length + 1]), ByteString.CopyFrom(1, 2))));

    private static Span Span(
        SpanKind kind, IEnumerable<KeyValue> attributes, ulong end, long before, string state, ByteString trace, ByteString id, int error, int rest)
    {
        var span = new Span
        {
            Kind = kind,
            Name = "n",
            EndTimeUnixNano = end,
            StartTimeUnixNano = before == long.MinValue ? 0 : unchecked(end - (ulong)before),
            TraceState = state,
            TraceId = trace,
            SpanId = id,
            Status = error switch { 0 => null, 1 => new SpanStatus(), 2 => new SpanStatus { Code = StatusCode.Ok }, _ => new SpanStatus { Code = StatusCode.Error, Message = "m" } },
        };
        span.Attributes.Add(attributes);
        if (rest == 0)
        {
            span.Events.Add(new Span.Types.Event { Name = "e", Attributes = { TestSpans.Attribute("http.route=/event") } });
            span.Links.Add(new Span.Types.Link { TraceState = "ot=th:8", Attributes = { TestSpans.Attribute("http.request.method=PUT") } });
        }

        return span;
    }
}
