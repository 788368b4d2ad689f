using Google.Protobuf;
using Kpi.Witness;

namespace Kpi.Testing;

/// <summary>Bodies of trace requests as Google's encoder writes them: about 360 bytes a span, over a chosen number of series.</summary>
internal sealed class SpanBodies(int series, int seed = 1)
{
    private readonly Random random = new(seed);

    /// <summary>A body of HTTP server spans that ended at most <paramref name="spreadNanos"/> before <paramref name="end"/>.</summary>
    public byte[] Make(int spans, long end, long spreadNanos = 5_000_000_000) => Message(spans, end, spreadNanos).ToByteArray();

    public ExportTraceServiceRequest Message(int spans, long end, long spreadNanos = 5_000_000_000)
    {
        var scope = new ScopeSpans { Scope = new InstrumentationScope { Name = "bench.http", Version = "1.0" } };
        for (var i = 0; i < spans; i++)
        {
            scope.Spans.Add(Span(random.Next(series), (ulong)(end - random.NextInt64(spreadNanos))));
        }

        var resource = new Resource
        {
            Attributes = { Text("service.name", "shop"), Text("service.instance.id", "a1b2c3"), Text("deployment.environment.name", "prod") },
        };
        return new ExportTraceServiceRequest { ResourceSpans = { new ResourceSpans { Resource = resource, ScopeSpans = { scope } } } };
    }

    public static KeyValue Text(string key, string value) => new() { Key = key, Value = new AnyValue { StringValue = value } };

    public static KeyValue Number(string key, long value) => new() { Key = key, Value = new AnyValue { IntValue = value } };

    private Span Span(int one, ulong end)
    {
        var route = $"/api/v1/resource-{one / 4:d4}/{{id}}";
        var status = (one % 4) switch { 0 => 200, 1 => 201, 2 => 404, _ => 500 };
        var span = new Span
        {
            TraceId = Bytes(16),
            SpanId = Bytes(8),
            ParentSpanId = Bytes(8),
            Name = "GET " + route,
            Kind = SpanKind.Server,
            StartTimeUnixNano = end - (ulong)Math.Exp(16 + random.NextDouble() * 3),
            EndTimeUnixNano = end,
            Status = status == 500 ? new SpanStatus { Code = StatusCode.Error } : null,
            Flags = 0x101,
        };
        span.Attributes.Add(Text("http.request.method", "GET"));
        span.Attributes.Add(Text("http.route", route));
        span.Attributes.Add(Number("http.response.status_code", status));
        span.Attributes.Add(Text("url.path", $"/api/v1/resource-{one / 4:d4}/item-number-{random.Next(100_000_000):d8}-x"));
        span.Attributes.Add(Text("server.address", "shop.example"));
        span.Attributes.Add(Number("server.port", 8443));
        span.Attributes.Add(Text("network.protocol.version", "1.1"));
        return span;
    }

    private ByteString Bytes(int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        bytes[0] |= 1;
        return ByteString.CopyFrom(bytes);
    }
}
