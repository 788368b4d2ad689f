using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Intake;
using Kpi.Witness;

namespace Kpi.Tests.Collector.Otlp.Traces;

/// <summary>
/// What a request should become, written down plainly over Google's messages: dictionaries and strings instead of slices. Nothing
/// of the Collector is used.
/// </summary>
internal sealed class SpanOracle
{
    private const int MostBytes = 256;

    private static readonly string[] Methods = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "CONNECT", "TRACE", "QUERY"];

    private static readonly string[] GrpcNames =
    [
        "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED",
        "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED",
    ];

    private readonly long receipt;
    private readonly RollupLimits limits;

    public SpanOracle(ExportTraceServiceRequest request, long receipt, RollupLimits limits)
    {
        this.receipt = receipt;
        this.limits = limits;
        foreach (var resource in request.ResourceSpans)
        {
            foreach (var span in resource.ScopeSpans.SelectMany(s => s.Spans))
            {
                Take(resource.Resource?.Attributes ?? [], span);
            }
        }
    }

    public List<Sample> Samples { get; } = [];

    public Dictionary<RejectReason, int> Reasons { get; } = [];

    private void Take(IEnumerable<KeyValue> resource, Span span)
    {
        if (ReasonAgainst(span) is { } reason)
        {
            Count(reason);
            return;
        }

        if (LabelsOf(span) is not { } labels)
        {
            return;
        }

        var of = Text(resource, "service.name");
        labels["service.name"] = Short(string.IsNullOrEmpty(of) ? "unknown_service" : of);
        labels["service.namespace"] = Short(Text(resource, "service.namespace") ?? "");
        labels["deployment.environment.name"] = Short(Text(resource, "deployment.environment.name", "deployment.environment") ?? "");
        labels["kpi.from"] = "spans";

        const ulong SliceNanos = 10_000_000_000;
        var slice = (int)((span.EndTimeUnixNano / SliceNanos) + (span.EndTimeUnixNano % SliceNanos == 0 ? 0UL : 1));
        Samples.Add(new Sample(Labels.Of(labels).ToString(), slice, Duration(span), Weight(span.TraceState)));
    }

    private RejectReason? ReasonAgainst(Span span)
    {
        if (span.TraceId.Length != 16 || span.TraceId.All(b => b == 0) || span.SpanId.Length != 8 || span.SpanId.All(b => b == 0))
        {
            return RejectReason.InvalidId;
        }

        if (span.EndTimeUnixNano == 0)
        {
            return RejectReason.NoTime;
        }

        if (span.EndTimeUnixNano > (BigInteger)receipt + (BigInteger)limits.MostAhead.TotalNanoseconds)
        {
            return RejectReason.TooFarAhead;
        }

        // Kept are the slices from the one on that the end of the retention falls into.
        const long SliceNanos = 10_000_000_000;
        var oldest = receipt - (long)limits.Retention.TotalNanoseconds;
        var firstSliceBegin = (oldest - 1) / SliceNanos * SliceNanos;
        return span.EndTimeUnixNano <= (ulong)firstSliceBegin ? RejectReason.TooOld : null;
    }

    private long Duration(Span span)
    {
        if (span.StartTimeUnixNano == 0)
        {
            Count(RejectReason.NoStartTime);
            return -1;
        }

        if (span.StartTimeUnixNano > span.EndTimeUnixNano)
        {
            Count(RejectReason.EndBeforeStart);
            return -1;
        }

        return (long)(span.EndTimeUnixNano - span.StartTimeUnixNano);
    }

    private static ulong Weight(string traceState)
    {
        var ot = Regex.Match(traceState, "(?:^|,) *ot=([^,]*?) *(?:,|$)");
        var threshold = Regex.Match(ot.Groups[1].Value, "(?:^|;)th:([0-9a-fA-F]{1,14})(?:;|$)");
        if (!threshold.Success)
        {
            return 1UL << 32;
        }

        var t = BigInteger.Parse("0" + threshold.Groups[1].Value.PadRight(14, '0'), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return (ulong)BigInteger.Min((BigInteger.One << 88) / ((BigInteger.One << 56) - t), (BigInteger)uint.MaxValue << 32);
    }

    private Dictionary<string, string>? LabelsOf(Span span)
    {
        var a = span.Attributes;
        var method = Text(a, "http.request.method", "http.method");
        var rpc = Text(a, "rpc.system.name", "rpc.system");
        var db = Text(a, "db.system.name", "db.system");
        var error = span.Status?.Code == StatusCode.Error;
        switch (span.Kind)
        {
            case SpanKind.Server when !string.IsNullOrEmpty(rpc):
                return Rpc(a, rpc, error);
            case SpanKind.Server when !string.IsNullOrEmpty(method):
                return Http(a, "http.server.request.duration", method, error, ("http.route", Text(a, "http.route")), ("user_agent.synthetic.type", Text(a, "user_agent.synthetic.type")));
            case SpanKind.Client when !string.IsNullOrEmpty(db):
                return Long(("__name__", "db.client.operation.duration"), ("db.system.name", db), ("db.namespace", Text(a, "db.namespace", "db.name")),
                    ("db.operation.name", Text(a, "db.operation.name", "db.operation")), ("db.collection.name", Text(a, "db.collection.name", "db.sql.table")),
                    ("db.client.connection.pool.name", Text(a, "db.client.connection.pool.name", "db.npgsql.data_source")), ("error.type", ErrorType(a, error)));
            case SpanKind.Client when string.IsNullOrEmpty(rpc) && !string.IsNullOrEmpty(method):
                return Http(a, "http.client.request.duration", method, error, ("server.address", Text(a, "server.address", "net.peer.name")));
            case SpanKind.Consumer when !string.IsNullOrEmpty(Text(a, "messaging.system")) && Text(a, "messaging.operation.type", "messaging.operation") is null or "" or "process" or "deliver":
                return Long(("__name__", "messaging.process.duration"), ("messaging.system", Text(a, "messaging.system")),
                    ("messaging.destination.name", Text(a, "messaging.destination.template", "messaging.destination.name", "messaging.destination")),
                    ("messaging.operation.name", Text(a, "messaging.operation.name")), ("messaging.consumer.group.name", Text(a, "messaging.consumer.group.name")),
                    ("error.type", ErrorType(a, error)));
            default:
                return null;
        }
    }

    private Dictionary<string, string> Http(ICollection<KeyValue> a, string metric, string method, bool error, params (string Name, string? Value)[] more)
    {
        var given = Last(a, "http.response.status_code") ?? Last(a, "http.status_code");
        var status = given?.ValueCase switch
        {
            AnyValue.ValueOneofCase.IntValue => given.IntValue,
            AnyValue.ValueOneofCase.StringValue => long.TryParse(given.StringValue, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n) ? n : 0,
            _ => 0,
        };
        var valid = status is >= 100 and <= 599;
        if (given is not null && !valid)
        {
            Count(RejectReason.InvalidStatusCode);
        }

        // The method may be long; then it is a long value like any other.
        var known = Methods.Contains(method) || Encoding.UTF8.GetByteCount(method) > MostBytes ? method : "_OTHER";
        var shed = Last(a, "app.shed");
        return Long([
            ("__name__", metric), ("http.request.method", known), .. more,
            ("http.response.status_code", valid ? status.ToString(CultureInfo.InvariantCulture) : null),
            ("app.shed", shed is { IntValue: not 0 } or { BoolValue: true } or { StringValue: "true" } ? "true" : null),
            ("error.type", ErrorType(a, error && !(valid && status >= 400)))]);
    }

    private Dictionary<string, string> Rpc(ICollection<KeyValue> a, string system, bool error)
    {
        var named = Text(a, "rpc.response.status_code");
        var number = a.Where(p => p.Key == "rpc.grpc.status_code").Select(p => p.Value)
            .LastOrDefault(v => v?.ValueCase is AnyValue.ValueOneofCase.IntValue or AnyValue.ValueOneofCase.BoolValue);
        var code = number is null ? -1 : number.HasBoolValue ? (number.BoolValue ? 1 : 0) : number.IntValue is >= 0 and <= 16 ? number.IntValue : -1;
        var status = !string.IsNullOrEmpty(named) ? named : code >= 0 ? GrpcNames[code] : null;
        return Long(("__name__", "rpc.server.call.duration"), ("rpc.system.name", system), ("rpc.service", Text(a, "rpc.service")), ("rpc.method", Text(a, "rpc.method")),
            ("rpc.response.status_code", status), ("error.type", ErrorType(a, error && code <= 0 && string.IsNullOrEmpty(named))),
            ("user_agent.synthetic.type", Text(a, "user_agent.synthetic.type")));
    }

    private static string? ErrorType(IEnumerable<KeyValue> attributes, bool unexplained) =>
        Text(attributes, "error.type") is { Length: > 0 } given ? given : unexplained ? "_OTHER" : null;

    /// <summary>The labels, with values that are too long replaced and noted.</summary>
    private Dictionary<string, string> Long(params (string Name, string? Value)[] labels)
    {
        foreach (var _ in labels.Where(l => Short(l.Value ?? "") != (l.Value ?? "")))
        {
            Count(RejectReason.LongLabelValue);
        }

        return labels.ToDictionary(l => l.Name, l => Short(l.Value ?? ""));
    }

    private static string Short(string value) => Encoding.UTF8.GetByteCount(value) > MostBytes ? "_OTHER" : value;

    /// <summary>The last text under the first of the names that has one.</summary>
    private static string? Text(IEnumerable<KeyValue> attributes, params string[] names) =>
        names.Select(name => attributes.LastOrDefault(a => a.Key == name && a.Value?.ValueCase == AnyValue.ValueOneofCase.StringValue)?.Value.StringValue)
            .FirstOrDefault(text => text is not null);

    private static AnyValue? Last(IEnumerable<KeyValue> attributes, string name) =>
        attributes.LastOrDefault(a => a.Key == name) is { } found ? found.Value ?? new AnyValue() : null;

    private void Count(RejectReason reason) => Reasons[reason] = Reasons.GetValueOrDefault(reason) + 1;
}
