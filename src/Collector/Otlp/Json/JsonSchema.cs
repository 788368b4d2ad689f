using static Kpi.Collector.Otlp.Json.JsonField;
using static Kpi.Collector.Otlp.Json.JsonKind;
using static Kpi.Collector.Otlp.Json.MessageType;

namespace Kpi.Collector.Otlp.Json;

/// <summary>
/// The fields of all messages that a request may hold. What is not here is unknown and skipped; so are the fields for profiles
/// (<c>stringValueStrindex</c>, <c>keyStrindex</c>). Source: opentelemetry-proto at ac2c4b5.
/// </summary>
internal static class JsonSchema
{
    private static readonly JsonField[][] ByType = Build();

    public static JsonField[] FieldsOf(MessageType message) => ByType[(int)message];

    /// <summary>The message of a signal's bodies.</summary>
    public static MessageType RequestOf(OtlpSignal signal) =>
        signal == OtlpSignal.Traces ? TraceRequest : signal == OtlpSignal.Metrics ? MetricRequest : LogRequest;

    private static JsonField[][] Build()
    {
        var all = new Dictionary<MessageType, JsonField[]>();
        AddShared(all);
        AddTraces(all);
        AddMetrics(all);
        AddPoints(all);
        AddLogs(all);
        return [.. System.Enum.GetValues<MessageType>().Select(m => all[m])];
    }

    private static void AddShared(Dictionary<MessageType, JsonField[]> all)
    {
        all[AnyValue] =
        [
            Of("stringValue", 1, Text), Of("intValue", 3, JsonKind.Int64), Of("boolValue", 2, Bool), Of("doubleValue", 4, JsonKind.Double),
            Wide("arrayValue", 5, ArrayValue), Wide("kvlistValue", 6, KeyValueList), Of("bytesValue", 7, Bytes),
        ];
        all[ArrayValue] = [ManyWide("values", 1, AnyValue)];
        all[KeyValueList] = [ManyWide("values", 1, KeyValue)];
        all[KeyValue] = [Of("key", 1, Text), Of("value", 2, AnyValue)];
        all[MessageType.Scope] =
        [
            Of("name", 1, Text), Of("version", 2, Text), Many("attributes", 3, KeyValue), Of("droppedAttributesCount", 4, JsonKind.UInt32),
        ];
        all[EntityRef] = [Of("schemaUrl", 1, Text), Of("type", 2, Text), ManyTexts("idKeys", 3), ManyTexts("descriptionKeys", 4)];
        all[Resource] = [Many("attributes", 1, KeyValue), Of("droppedAttributesCount", 2, JsonKind.UInt32), Many("entityRefs", 3, EntityRef)];
    }

    private static void AddTraces(Dictionary<MessageType, JsonField[]> all)
    {
        all[TraceRequest] = [ManyWide("resourceSpans", 1, ResourceSpans)];
        all[ResourceSpans] = [Of("resource", 1, Resource), ManyWide("scopeSpans", 2, ScopeSpans), Of("schemaUrl", 3, Text)];
        all[ScopeSpans] = [Of("scope", 1, MessageType.Scope), Many("spans", 2, Span), Of("schemaUrl", 3, Text)];
        all[Span] =
        [
            Of("traceId", 1, Id), Of("spanId", 2, Id), Of("traceState", 3, Text), Of("parentSpanId", 4, Id), Of("flags", 16, Fixed32),
            Of("name", 5, Text), JsonField.Enum("kind", 6, EnumName.SpanKinds),
            Of("startTimeUnixNano", 7, Fixed64), Of("endTimeUnixNano", 8, Fixed64),
            Many("attributes", 9, KeyValue), Of("droppedAttributesCount", 10, JsonKind.UInt32),
            Many("events", 11, SpanEvent), Of("droppedEventsCount", 12, JsonKind.UInt32),
            Many("links", 13, SpanLink), Of("droppedLinksCount", 14, JsonKind.UInt32), Of("status", 15, Status),
        ];
        all[SpanEvent] =
        [
            Of("timeUnixNano", 1, Fixed64), Of("name", 2, Text), Many("attributes", 3, KeyValue),
            Of("droppedAttributesCount", 4, JsonKind.UInt32),
        ];
        all[SpanLink] =
        [
            Of("traceId", 1, Id), Of("spanId", 2, Id), Of("traceState", 3, Text), Many("attributes", 4, KeyValue),
            Of("droppedAttributesCount", 5, JsonKind.UInt32), Of("flags", 6, Fixed32),
        ];
        all[Status] = [Of("message", 2, Text), JsonField.Enum("code", 3, EnumName.StatusCodes)];
    }

    private static void AddMetrics(Dictionary<MessageType, JsonField[]> all)
    {
        all[MetricRequest] = [ManyWide("resourceMetrics", 1, ResourceMetrics)];
        all[ResourceMetrics] = [Of("resource", 1, Resource), ManyWide("scopeMetrics", 2, ScopeMetrics), Of("schemaUrl", 3, Text)];
        all[ScopeMetrics] = [Of("scope", 1, MessageType.Scope), ManyWide("metrics", 2, Metric), Of("schemaUrl", 3, Text)];
        all[Metric] =
        [
            Of("name", 1, Text), Of("description", 2, Text), Of("unit", 3, Text),
            Wide("gauge", 5, Gauge), Wide("sum", 7, Sum), Wide("histogram", 9, Histogram),
            Wide("exponentialHistogram", 10, ExponentialHistogram), Wide("summary", 11, Summary), Many("metadata", 12, KeyValue),
        ];
        var temporality = JsonField.Enum("aggregationTemporality", 2, EnumName.Temporalities);
        all[Gauge] = [Many("dataPoints", 1, NumberPoint)];
        all[Sum] = [Many("dataPoints", 1, NumberPoint), temporality, Of("isMonotonic", 3, Bool)];
        all[Histogram] = [Many("dataPoints", 1, HistogramPoint), temporality];
        all[ExponentialHistogram] = [Many("dataPoints", 1, ExponentialPoint), temporality];
        all[Summary] = [Many("dataPoints", 1, SummaryPoint)];
    }

    private static void AddPoints(Dictionary<MessageType, JsonField[]> all)
    {
        all[NumberPoint] =
        [
            Many("attributes", 7, KeyValue), Of("startTimeUnixNano", 2, Fixed64), Of("timeUnixNano", 3, Fixed64),
            Of("asDouble", 4, JsonKind.Double), Of("asInt", 6, SFixed64), Many("exemplars", 5, Exemplar), Of("flags", 8, JsonKind.UInt32),
        ];
        all[HistogramPoint] =
        [
            Many("attributes", 9, KeyValue), Of("startTimeUnixNano", 2, Fixed64), Of("timeUnixNano", 3, Fixed64), Of("count", 4, Fixed64),
            Of("sum", 5, JsonKind.Double), Packed("bucketCounts", 6, Fixed64), Packed("explicitBounds", 7, JsonKind.Double),
            Many("exemplars", 8, Exemplar), Of("flags", 10, JsonKind.UInt32), Of("min", 11, JsonKind.Double), Of("max", 12, JsonKind.Double),
        ];
        all[ExponentialPoint] =
        [
            Many("attributes", 1, KeyValue), Of("startTimeUnixNano", 2, Fixed64), Of("timeUnixNano", 3, Fixed64), Of("count", 4, Fixed64),
            Of("sum", 5, JsonKind.Double), Of("scale", 6, SInt32), Of("zeroCount", 7, Fixed64), Of("positive", 8, Buckets),
            Of("negative", 9, Buckets), Of("flags", 10, JsonKind.UInt32), Many("exemplars", 11, Exemplar), Of("min", 12, JsonKind.Double),
            Of("max", 13, JsonKind.Double), Of("zeroThreshold", 14, JsonKind.Double),
        ];
        all[Buckets] = [Of("offset", 1, SInt32), Packed("bucketCounts", 2, JsonKind.UInt64)];
        all[SummaryPoint] =
        [
            Many("attributes", 7, KeyValue), Of("startTimeUnixNano", 2, Fixed64), Of("timeUnixNano", 3, Fixed64), Of("count", 4, Fixed64),
            Of("sum", 5, JsonKind.Double), Many("quantileValues", 6, Quantile), Of("flags", 8, JsonKind.UInt32),
        ];
        all[Quantile] = [Of("quantile", 1, JsonKind.Double), Of("value", 2, JsonKind.Double)];
        all[Exemplar] =
        [
            Many("filteredAttributes", 7, KeyValue), Of("timeUnixNano", 2, Fixed64), Of("asDouble", 3, JsonKind.Double),
            Of("asInt", 6, SFixed64), Of("spanId", 4, Id), Of("traceId", 5, Id),
        ];
    }

    private static void AddLogs(Dictionary<MessageType, JsonField[]> all)
    {
        all[LogRequest] = [ManyWide("resourceLogs", 1, ResourceLogs)];
        all[ResourceLogs] = [Of("resource", 1, Resource), ManyWide("scopeLogs", 2, ScopeLogs), Of("schemaUrl", 3, Text)];
        all[ScopeLogs] = [Of("scope", 1, MessageType.Scope), Many("logRecords", 2, LogRecord), Of("schemaUrl", 3, Text)];
        all[LogRecord] =
        [
            Of("timeUnixNano", 1, Fixed64), Of("observedTimeUnixNano", 11, Fixed64), JsonField.Enum("severityNumber", 2, EnumName.Severities),
            Of("severityText", 3, Text), Of("body", 5, AnyValue), Many("attributes", 6, KeyValue),
            Of("droppedAttributesCount", 7, JsonKind.UInt32), Of("flags", 8, Fixed32), Of("traceId", 9, Id), Of("spanId", 10, Id),
            Of("eventName", 12, Text),
        ];
    }
}
