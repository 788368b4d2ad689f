using Kpi.Rollups.Intake;
using Kpi.Witness;

namespace Kpi.Tests.Collector.Spans;

/// <summary>
/// Which series a span falls into. Source: OpenTelemetry semantic conventions 1.44 and the names they replaced.
/// Attributes are written <c>name=text</c> or <c>name:number</c>, separated by spaces.
/// </summary>
public sealed class SpanSeriesTests : IDisposable
{
    private const string Http = "http.server.request.duration";
    private const string HttpClient = "http.client.request.duration";
    private const string Db = "db.client.operation.duration";
    private const string Rpc = "rpc.server.call.duration";
    private const string Messaging = "messaging.process.duration";

    private readonly DecoderBed bed = new();

    public void Dispose() => bed.Dispose();

    [Theory]
    [InlineData("http.request.method=GET http.route=/a/{id} http.response.status_code:200", "http.request.method=GET http.response.status_code=200 http.route=/a/{id}")]
    [InlineData("http.method=GET http.route=/a/{id} http.status_code:200", "http.request.method=GET http.response.status_code=200 http.route=/a/{id}")]
    [InlineData("http.method=PUT http.request.method=GET", "http.request.method=GET")]
    [InlineData("http.request.method=GET http.method=PUT", "http.request.method=GET")]
    [InlineData("http.request.method=GET http.status_code:500 http.response.status_code:200", "http.request.method=GET http.response.status_code=200")]
    [InlineData("http.request.method=GET http.response.status_code:200 http.status_code:500", "http.request.method=GET http.response.status_code=200")]
    [InlineData("http.request.method=GET http.route=/a http.route=/b", "http.request.method=GET http.route=/b")]
    [InlineData("http.request.method=get", "http.request.method=_OTHER")]
    [InlineData("http.request.method=BREW", "http.request.method=_OTHER")]
    [InlineData("http.request.method=QUERY", "http.request.method=QUERY")]
    [InlineData("http.request.method=GET http.response.status_code=404", "http.request.method=GET http.response.status_code=404")]
    [InlineData("http.request.method=GET error.type=timeout", "http.request.method=GET error.type=timeout")]
    [InlineData("http.request.method=GET user_agent.synthetic.type=bot", "http.request.method=GET user_agent.synthetic.type=bot")]
    [InlineData("http.request.method=GET app.shed=true", "http.request.method=GET app.shed=true")]
    [InlineData("http.request.method=GET app.shed:1", "http.request.method=GET app.shed=true")]
    [InlineData("http.request.method=GET app.shed=false", "http.request.method=GET")]
    [InlineData("http.request.method=GET server.address=shop network.protocol.version=1.1", "http.request.method=GET")]
    public void Http_servers_are_told_by_method_route_and_status(string attributes, string labels) =>
        AssertCounted(SpanKind.Server, attributes, Http, labels);

    [Theory]
    [InlineData("http.request.method=GET server.address=api http.response.status_code:503", "http.request.method=GET http.response.status_code=503 server.address=api")]
    [InlineData("http.method=GET net.peer.name=api http.status_code:503", "http.request.method=GET http.response.status_code=503 server.address=api")]
    [InlineData("http.method=GET server.address=new net.peer.name=old", "http.request.method=GET server.address=new")]
    [InlineData("http.request.method=GET http.route=/a", "http.request.method=GET")]
    public void Http_clients_are_told_by_method_server_and_status(string attributes, string labels) =>
        AssertCounted(SpanKind.Client, attributes, HttpClient, labels);

    [Theory]
    [InlineData("db.system.name=postgresql db.namespace=shop db.operation.name=SELECT db.collection.name=orders",
        "db.system.name=postgresql db.namespace=shop db.operation.name=SELECT db.collection.name=orders")]
    [InlineData("db.system=postgresql db.name=shop db.operation=SELECT db.sql.table=orders",
        "db.system.name=postgresql db.namespace=shop db.operation.name=SELECT db.collection.name=orders")]
    [InlineData("db.system.name=new db.system=old db.namespace=new db.name=old db.operation.name=new db.operation=old db.collection.name=new db.sql.table=old",
        "db.system.name=new db.namespace=new db.operation.name=new db.collection.name=new")]
    [InlineData("db.system=old db.system.name=new db.name=old db.namespace=new db.operation=old db.operation.name=new db.sql.table=old db.collection.name=new",
        "db.system.name=new db.namespace=new db.operation.name=new db.collection.name=new")]
    [InlineData("db.system=postgresql db.npgsql.data_source=main", "db.system.name=postgresql db.client.connection.pool.name=main")]
    [InlineData("db.system=postgresql db.client.connection.pool.name=pool db.npgsql.data_source=main", "db.system.name=postgresql db.client.connection.pool.name=pool")]
    [InlineData("db.system.name=elasticsearch http.request.method=POST server.address=es", "db.system.name=elasticsearch")]
    public void Databases_are_told_by_system_namespace_operation_collection_and_pool(string attributes, string labels) =>
        AssertCounted(SpanKind.Client, attributes, Db, labels);

    [Theory]
    [InlineData("rpc.system.name=grpc rpc.method=shop.Cart/Add rpc.response.status_code=OK", "rpc.system.name=grpc rpc.method=shop.Cart/Add rpc.response.status_code=OK")]
    [InlineData("rpc.system=grpc rpc.service=shop.Cart rpc.method=Add rpc.grpc.status_code:4",
        "rpc.system.name=grpc rpc.service=shop.Cart rpc.method=Add rpc.response.status_code=DEADLINE_EXCEEDED")]
    [InlineData("rpc.system=grpc rpc.grpc.status_code:2 rpc.response.status_code=OK", "rpc.system.name=grpc rpc.response.status_code=OK")]
    [InlineData("rpc.system.name=grpc http.request.method=POST http.route=/x http.response.status_code:200", "rpc.system.name=grpc")]
    public void Rpc_servers_are_told_by_system_method_and_status_and_not_counted_as_http(string attributes, string labels) =>
        AssertCounted(SpanKind.Server, attributes, Rpc, labels);

    // Source: grpc/grpc doc/statuscodes.md.
    [Theory]
    [InlineData(0, "OK")]
    [InlineData(1, "CANCELLED")]
    [InlineData(2, "UNKNOWN")]
    [InlineData(3, "INVALID_ARGUMENT")]
    [InlineData(4, "DEADLINE_EXCEEDED")]
    [InlineData(5, "NOT_FOUND")]
    [InlineData(6, "ALREADY_EXISTS")]
    [InlineData(7, "PERMISSION_DENIED")]
    [InlineData(8, "RESOURCE_EXHAUSTED")]
    [InlineData(9, "FAILED_PRECONDITION")]
    [InlineData(10, "ABORTED")]
    [InlineData(11, "OUT_OF_RANGE")]
    [InlineData(12, "UNIMPLEMENTED")]
    [InlineData(13, "INTERNAL")]
    [InlineData(14, "UNAVAILABLE")]
    [InlineData(15, "DATA_LOSS")]
    [InlineData(16, "UNAUTHENTICATED")]
    public void A_grpc_status_in_numbers_becomes_its_name(int number, string name) =>
        AssertCounted(SpanKind.Server, $"rpc.system=grpc rpc.grpc.status_code:{number}", Rpc, $"rpc.system.name=grpc rpc.response.status_code={name}");

    [Theory]
    [InlineData(-1)]
    [InlineData(17)]
    [InlineData(long.MaxValue)]
    public void A_grpc_status_that_does_not_exist_is_left_out(long number) =>
        AssertCounted(SpanKind.Server, $"rpc.system=grpc rpc.grpc.status_code:{number}", Rpc, "rpc.system.name=grpc");

    [Theory]
    [InlineData("messaging.operation.type=process", true)]
    [InlineData("messaging.operation=process", true)]
    [InlineData("messaging.operation=deliver", true)]
    [InlineData("", true)]
    [InlineData("messaging.operation.type=receive", false)]
    [InlineData("messaging.operation.type=settle", false)]
    [InlineData("messaging.operation=receive", false)]
    [InlineData("messaging.operation.type=process messaging.operation=receive", true)]
    [InlineData("messaging.operation=process messaging.operation.type=receive", false)]
    public void Messages_are_counted_where_they_are_processed(string operation, bool counted)
    {
        const string Labels = "messaging.system=kafka messaging.destination.name=orders messaging.operation.name=consume messaging.consumer.group.name=g";
        var expected = counted ? Series(Messaging, Labels) : null;
        Assert.Equal(expected, bed.SeriesOf(Span(SpanKind.Consumer, (Labels + " " + operation).Trim())));
    }

    // The template has few values and comes first; then the current name; messaging.destination was replaced twice.
    [Theory]
    [InlineData("messaging.destination.template=t messaging.destination.name=n messaging.destination=o", "t")]
    [InlineData("messaging.destination=o messaging.destination.name=n messaging.destination.template=t", "t")]
    [InlineData("messaging.destination=o messaging.destination.name=n", "n")]
    [InlineData("messaging.destination.name=n messaging.destination=o", "n")]
    [InlineData("messaging.destination=o", "o")]
    [InlineData("messaging.destination=first messaging.destination=last", "last")]
    public void The_current_name_of_a_destination_beats_the_older_in_any_order(string attributes, string destination) =>
        AssertCounted(SpanKind.Consumer, "messaging.system=kafka " + attributes, Messaging, "messaging.system=kafka messaging.destination.name=" + destination);

    [Theory]
    [InlineData("Internal", "http.request.method=GET")]
    [InlineData("Unspecified", "http.request.method=GET")]
    [InlineData("Producer", "messaging.system=kafka messaging.operation.type=send")]
    [InlineData("99", "http.request.method=GET")]
    [InlineData("Server", "http.route=/a")]
    [InlineData("Server", "db.system=postgresql")]
    [InlineData("Server", "http.request.method=")]
    [InlineData("Server", "http.request.method:1")]
    [InlineData("Client", "rpc.system=grpc http.request.method=POST")]
    [InlineData("Client", "messaging.system=kafka")]
    [InlineData("Consumer", "http.request.method=GET")]
    public void Other_spans_are_taken_and_not_counted(string kind, string attributes)
    {
        var decoded = bed.Decode(TestSpans.Request(Span(Enum.Parse<SpanKind>(kind), attributes)));
        Assert.Equal((true, 1, 0, 0), (decoded.Taken, decoded.Tally.Items, decoded.Tally.Rejected, decoded.Samples.Count));
        Assert.Equal(0, bed.Catalog.Count);
    }

    // A failed span says why by error.type, by a status from 400 on, or by a gRPC status; else _OTHER says that it failed.
    [Theory]
    [InlineData("Server", "http.request.method=GET", true)]
    [InlineData("Server", "http.request.method=GET http.response.status_code:200", true)]
    [InlineData("Server", "http.request.method=GET http.response.status_code:500", false)]
    [InlineData("Client", "http.request.method=GET http.response.status_code:404", false)]
    [InlineData("Client", "db.system=redis", true)]
    [InlineData("Server", "rpc.system=grpc", true)]
    [InlineData("Server", "rpc.system=grpc rpc.grpc.status_code:0", true)]
    [InlineData("Server", "rpc.system=grpc rpc.grpc.status_code:14", false)]
    [InlineData("Server", "rpc.system.name=grpc rpc.response.status_code=UNAVAILABLE", false)]
    [InlineData("Consumer", "messaging.system=kafka", true)]
    public void A_failed_span_without_error_type_gets_one_where_its_status_does_not_say_it(string kind, string attributes, bool derived)
    {
        var span = Span(Enum.Parse<SpanKind>(kind), attributes);
        span.Status = new SpanStatus { Code = StatusCode.Error };
        Assert.Equal(derived, bed.SeriesOf(span)!.Contains("error.type=\"_OTHER\"", StringComparison.Ordinal));
        span.Attributes.Add(TestSpans.Attribute("error.type=boom"));
        Assert.Contains("error.type=\"boom\"", bed.SeriesOf(span));
        span.Status = new SpanStatus { Code = StatusCode.Ok };
        span.Attributes.RemoveAt(span.Attributes.Count - 1);
        Assert.DoesNotContain("error.type", bed.SeriesOf(span));
    }

    [Theory]
    [InlineData("http.response.status_code:99")]
    [InlineData("http.response.status_code:600")]
    [InlineData("http.response.status_code:0")]
    [InlineData("http.response.status_code:-200")]
    [InlineData("http.response.status_code:4294967496")]
    [InlineData("http.response.status_code=")]
    [InlineData("http.response.status_code=200x")]
    [InlineData("http.response.status_code=2xx")]
    public void A_status_that_is_none_is_left_out_and_noted(string status)
    {
        var decoded = bed.Decode(TestSpans.Request(Span(SpanKind.Server, "http.request.method=GET " + status)));
        Assert.Equal((0, 1), (decoded.Tally.Rejected, decoded.Tally[RejectReason.InvalidStatusCode]));
        Assert.DoesNotContain("status_code", Assert.Single(decoded.Samples).Labels);
    }

    [Fact]
    public void A_label_value_of_256_bytes_stays_and_a_longer_one_is_counted_as_other_and_noted()
    {
        var longest = new string('é', 128);
        var decoded = bed.Decode(TestSpans.Request(TestSpans.Get(longest), TestSpans.Get(longest + "x")));
        Assert.Equal((0, 1), (decoded.Tally.Rejected, decoded.Tally[RejectReason.LongLabelValue]));
        Assert.Contains($"http.route=\"{longest}\"", decoded.Samples[0].Labels);
        Assert.Contains("http.route=\"_OTHER\"", decoded.Samples[1].Labels);
    }

    [Fact]
    public void Raw_paths_and_statements_are_in_no_label_whatever_the_span()
    {
        string[] raw =
        [
            "http.target", "http.url", "url.path", "url.full", "url.query", "db.statement", "db.query.text", "http.user_agent", "user_agent.original",
            "client.address", "http.client_ip", "net.peer.ip", "messaging.message.id", "db.query.parameter.a", "url.template",
        ];
        string[] protocols = ["http.request.method=GET", "http.method=GET", "db.system=postgresql", "db.system.name=redis", "rpc.system=grpc", "messaging.system=kafka"];
        foreach (var kind in Enum.GetValues<SpanKind>())
        {
            foreach (var protocol in protocols)
            {
                var span = Span(kind, protocol);
                span.Name = "raw /secret/name";
                span.Attributes.Add(raw.Select(name => TestSpans.Attribute(name + "=raw /secret?token=1")));
                Assert.DoesNotContain("secret", bed.SeriesOf(span) ?? "");
            }
        }

        // HTTP and RPC servers, an HTTP client, two databases, a consumer.
        Assert.Equal(6, bed.Catalog.Count);
    }

    [Theory]
    [InlineData("service.name=shop", "service.name=shop")]
    [InlineData("", "service.name=unknown_service")]
    [InlineData("service.name=", "service.name=unknown_service")]
    [InlineData("service.name:7", "service.name=unknown_service")]
    [InlineData("service.name=a service.name=b", "service.name=b")]
    [InlineData("service.name=shop service.namespace=eu deployment.environment.name=prod", "service.name=shop service.namespace=eu deployment.environment.name=prod")]
    [InlineData("service.name=shop deployment.environment=prod", "service.name=shop deployment.environment.name=prod")]
    [InlineData("service.name=shop deployment.environment.name=new deployment.environment=old", "service.name=shop deployment.environment.name=new")]
    [InlineData("service.name=shop deployment.environment=old deployment.environment.name=new", "service.name=shop deployment.environment.name=new")]
    [InlineData("service.name=shop host.name=h service.instance.id=i", "service.name=shop")]
    public void Service_namespace_and_environment_come_from_the_resource(string attributes, string labels)
    {
        var resource = TestSpans.From("", Span(SpanKind.Server, "http.request.method=GET"));
        resource.Resource.Attributes.Clear();
        resource.Resource.Attributes.Add(Words(attributes).Select(TestSpans.Attribute));
        var sample = Assert.Single(bed.Decode(new ExportTraceServiceRequest { ResourceSpans = { resource } }).Samples);
        var expected = Words(labels).Concat(["__name__=" + Http, "http.request.method=GET", "kpi.from=spans"]);
        Assert.Equal(Series("", string.Join(' ', expected)), sample.Labels);
    }

    private void AssertCounted(SpanKind kind, string attributes, string metric, string labels) =>
        Assert.Equal(Series(metric, labels), bed.SeriesOf(Span(kind, attributes)));

    private static Span Span(SpanKind kind, string attributes) => TestSpans.Of(kind, Words(attributes));

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static string Series(string metric, string labels) =>
        metric + "{" + string.Join(", ", Words(labels).Order(StringComparer.Ordinal).Select(l => l.Replace("=", "=\"", StringComparison.Ordinal) + "\"")) + "}";
}
