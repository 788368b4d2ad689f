using System.Text;
using Kpi.Collector.Otlp;
using Kpi.Collector.Otlp.Json;
using Kpi.Rollups.Intake;
using Kpi.Witness;

namespace Kpi.Tests.Collector.Otlp.Json;

/// <summary>The rules of OTLP/JSON one by one: ingest reference 1.7.</summary>
public sealed class JsonRulesTests
{
    [Theory]
    [InlineData("5B8EFFF798038103D269B633813FC60C", "5b8efff798038103d269b633813fc60c")]
    [InlineData("5b8efff798038103d269b633813fc60c", "5b8efff798038103d269b633813fc60c")]
    [InlineData("5b8Efff798038103D269b633813fc60c00", "5b8efff798038103d269b633813fc60c00")]
    [InlineData("\\u0035b", "5b")]
    [InlineData("5B8", "")]
    [InlineData("W47/95gDgQPSabYzgT/GDA==", "")]
    [InlineData("zzzzzzzzzzzzzzzz", "")]
    [InlineData("", "")]
    public void Ids_are_hexadecimal_digits_in_either_case_and_a_wrong_length_is_left_to_the_decoder(string text, string bytes)
    {
        var span = Span($"\"traceId\":\"{text}\",\"spanId\":\"{text}\",\"parentSpanId\":\"{text}\",\"links\":[{{\"traceId\":\"{text}\"}}]");
        Assert.All([span.TraceId, span.SpanId, span.ParentSpanId, span.Links[0].TraceId], id => Assert.Equal(bytes, Convert.ToHexStringLower(id.Span)));
    }

    [Theory]
    [InlineData("3q2+7w==", "deadbeef")]
    [InlineData("3q2-7w==", "deadbeef")]
    [InlineData("3q2+7w", "deadbeef")]
    [InlineData("3q2-7w", "deadbeef")]
    [InlineData("\\/\\u002F8=", "ffff")]
    [InlineData("", "")]
    public void Bytes_are_base64_of_either_alphabet_padded_or_not(string text, string bytes) =>
        Assert.Equal(bytes, Convert.ToHexStringLower(Value($"{{\"bytesValue\":\"{text}\"}}").BytesValue.Span));

    [Theory]
    [InlineData("2", 2)]
    [InlineData("\"2\"", 2)]
    [InlineData("2.0", 2)]
    [InlineData("77", 77)]
    [InlineData("-1", -1)]
    [InlineData("\"SPAN_KIND_SERVER\"", 2)]
    [InlineData("null", 0)]
    public void Enums_are_numbers_and_their_names_are_understood(string text, int kind) => Assert.Equal(kind, (int)Span($"\"kind\":{text}").Kind);

    [Theory]
    [InlineData("severityNumber", "SEVERITY_NUMBER_ERROR3", 19)]
    [InlineData("severityNumber", "SEVERITY_NUMBER_FATAL4", 24)]
    public void Names_of_severities_are_understood(string field, string name, int number) =>
        Assert.Equal(number, Record($"\"{field}\":\"{name}\"").SeverityNumber);

    [Theory]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("\"9223372036854775807\"", long.MaxValue)]
    [InlineData("\"-9223372036854775808\"", long.MinValue)]
    [InlineData("9007199254740993", 9_007_199_254_740_993)]
    [InlineData("1e3", 1_000)]
    [InlineData("\"1E+3\"", 1_000)]
    [InlineData("1.50e1", 15)]
    [InlineData("1000e-3", 1)]
    [InlineData("0.0", 0)]
    [InlineData("0e99999999999999999999", 0)]
    [InlineData("-0", 0)]
    [InlineData("92233720368547758070e-1", long.MaxValue)]
    public void Integers_are_exact_in_quotes_or_not_and_with_exponents(string text, long value) =>
        Assert.Equal(value, Value($"{{\"intValue\":{text}}}").IntValue);

    [Theory]
    [InlineData("intValue", "1.5")]
    [InlineData("intValue", "1e-1")]
    [InlineData("intValue", "\"9223372036854775808\"")]
    [InlineData("intValue", "-9223372036854775809")]
    [InlineData("intValue", "1e19")]
    [InlineData("intValue", "1e999999999999")]
    [InlineData("intValue", "\"\"")]
    [InlineData("intValue", "\" 1\"")]
    [InlineData("intValue", "\"+1\"")]
    [InlineData("intValue", "\"1.\"")]
    [InlineData("intValue", "\"1e\"")]
    [InlineData("intValue", "\"0x10\"")]
    [InlineData("intValue", "true")]
    [InlineData("intValue", "{}")]
    [InlineData("doubleValue", "\"nan\"")]
    [InlineData("doubleValue", "\"+Infinity\"")]
    [InlineData("doubleValue", "\"\"")]
    [InlineData("doubleValue", "1e999")]
    [InlineData("doubleValue", "\"-1e309\"")]
    [InlineData("doubleValue", "\"1,5\"")]
    [InlineData("doubleValue", "false")]
    [InlineData("doubleValue", "NaN")]
    [InlineData("boolValue", "1")]
    [InlineData("boolValue", "\"true\"")]
    [InlineData("stringValue", "1")]
    [InlineData("stringValue", "{\"a\":1}")]
    [InlineData("bytesValue", "\"?\"")]
    [InlineData("bytesValue", "5")]
    [InlineData("arrayValue", "[]")]
    [InlineData("arrayValue", "{\"values\":{}}")]
    [InlineData("arrayValue", "{\"values\":[1]}")]
    [InlineData("kvlistValue", "\"\"")]
    public void A_known_field_with_a_value_that_it_cannot_have_makes_the_body_malformed(string field, string text)
    {
        var result = Transcoding.Run(Body($"{{\"{field}\":{text}}}"), OtlpSignal.Logs);
        Assert.Equal(RejectReason.Malformed, result.Refused);
        Assert.Contains(", at byte ", result.Fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("droppedAttributesCount", "4294967296")]
    [InlineData("droppedAttributesCount", "-1")]
    [InlineData("flags", "4294967296")]
    [InlineData("startTimeUnixNano", "-1")]
    [InlineData("startTimeUnixNano", "18446744073709551616")]
    [InlineData("kind", "2147483648")]
    [InlineData("kind", "\"SERVER\"")]
    [InlineData("traceId", "5")]
    [InlineData("events", "{}")]
    public void A_field_of_a_span_out_of_its_range_makes_the_body_malformed(string field, string text)
    {
        var result = Transcoding.Run(Spans($"\"{field}\":{text}"), OtlpSignal.Traces);
        Assert.Equal(RejectReason.Malformed, result.Refused);
        Assert.StartsWith($"\"{field}\" has a value", result.Fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.25", 1.25)]
    [InlineData("\"1.25\"", 1.25)]
    [InlineData("-0", -0.0)]
    [InlineData("\"NaN\"", double.NaN)]
    [InlineData("\"Infinity\"", double.PositiveInfinity)]
    [InlineData("\"-Infinity\"", double.NegativeInfinity)]
    [InlineData("5e-324", 5e-324)]
    [InlineData("0.1000000000000000055511151231257827021181583404541015625", 0.1)]
    public void Doubles_are_numbers_or_words(string text, double value) =>
        Assert.Equal(BitConverter.DoubleToInt64Bits(value), BitConverter.DoubleToInt64Bits(Value($"{{\"doubleValue\":{text}}}").DoubleValue));

    [Fact]
    public void Unknown_fields_of_any_type_are_skipped_at_any_depth_and_so_are_other_spellings()
    {
        var deep = string.Concat(Enumerable.Repeat("[{\"a\":", 100)) + "1" + string.Concat(Enumerable.Repeat("}]", 100));
        const string Others = "\"trace_id\":7,\"Name\":[],\"x\":{\"name\":1,\"b\":[1,\"\\n\",null,true]},\"\\u0078\":-1e9,\"\":\"\",\"attributes2\":{}";
        Assert.Equal(new Span { Name = "n" }, Span($"{Others},\"deep\":{deep},\"name\":\"n\",{Others}"));
        Assert.Equal(RejectReason.Malformed, Transcoding.Run(Spans($"\"deep\":{new string('[', 300)}{new string(']', 300)}"), OtlpSignal.Traces).Refused);
    }

    [Fact]
    public void Null_says_nothing_whatever_the_field()
    {
        var fields = string.Join(',', JsonSchema.FieldsOf(MessageType.Span).Select(f => $"\"{Encoding.ASCII.GetString(f.Name)}\":null"));
        Assert.Equal(new Span(), Span(fields));
        Assert.Equal(AnyValue.ValueOneofCase.IntValue, Value("{\"intValue\":\"0\",\"stringValue\":null,\"arrayValue\":null}").ValueCase);
        Assert.Equal([new AnyValue(), new AnyValue { BoolValue = true }], Value("{\"arrayValue\":{\"values\":[null,{\"boolValue\":true}]}}").ArrayValue.Values);
    }

    [Fact]
    public void Of_a_field_that_comes_twice_the_last_counts_arrays_add_up_and_objects_merge()
    {
        var span = Span("""
            "name":"a","kind":1,"attributes":[{"key":"x"}],"status":{"message":"m","code":1},
            "name":"b","kind":3,"attributes":[{"key":"y"}],"status":{"code":2}
            """);
        Assert.Equal(("b", 3, "m", 2), (span.Name, (int)span.Kind, span.Status.Message, (int)span.Status.Code));
        Assert.Equal(["x", "y"], span.Attributes.Select(a => a.Key));
        Assert.Equal("s", Value("{\"intValue\":1,\"stringValue\":\"s\"}").StringValue);
    }

    [Fact]
    public void Names_and_strings_are_unescaped()
    {
        Assert.Equal("café 😀 \n / \" \\ \b\f\r\t\0", Span("\"n\\u0061me\":\"caf\\u00e9 \\ud83d\\ude00 \\n \\/ \\\" \\\\ \\b\\f\\r\\t\\u0000\"").Name);
        Assert.Equal(5, (int)Span("\"\\u006b\\u0069\\u006E\\u0064\":\"\\u0035\"").Kind);
        Assert.Equal(7u, Span($"\"{Escaped("droppedAttributesCount")}\":7").DroppedAttributesCount);
        Assert.Equal(new Span(), Span($"\"{Escaped("droppedAttributesCountt")}\":7"));
    }

    // Their item is rejected, as with other bytes that are not UTF-8; all others count.
    [Theory]
    [InlineData("\\ud800")]
    [InlineData("\\udc00\\ud800")]
    [InlineData("a\\ud800\\u0041")]
    [InlineData("\u00ff")]
    [InlineData("\u00c3\u0028")]
    public void A_string_that_is_no_UTF_8_costs_its_item_and_no_other(string latin)
    {
        using var bed = new DecoderBed();
        var good = Transcoding.Format(TestSpans.Request(TestSpans.Get("/a"), TestSpans.Get("/b")));
        var body = Transcoding.Run(Encoding.Latin1.GetBytes(good.Replace("/b", latin, StringComparison.Ordinal)), OtlpSignal.Traces);
        Assert.Null(body.Refused);
        var decoded = bed.Decode(body.Message);
        Assert.Equal((true, 2, 1, 1), (decoded.Taken, decoded.Tally.Items, decoded.Tally.Rejected, decoded.Tally[RejectReason.InvalidUtf8]));
        Assert.Contains("/a", Assert.Single(decoded.Samples).Labels, StringComparison.Ordinal);
    }

    // The request is one, and so are its resource, its scope, its record and the body of that.
    [Fact]
    public void A_hundred_messages_may_stand_in_each_other_and_no_more()
    {
        Assert.Null(Transcoding.Run(Body(Nested(47)), OtlpSignal.Logs).Refused);
        var result = Transcoding.Run(Body(Nested(48)), OtlpSignal.Logs);
        Assert.Equal(RejectReason.Malformed, result.Refused);
        Assert.StartsWith("more than 100 messages in each other", result.Fault, StringComparison.Ordinal);
        Assert.Equal(RejectReason.Malformed, Transcoding.Run(Body(Nested(100_000)), OtlpSignal.Logs).Refused);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"\"")]
    [InlineData("{} x")]
    [InlineData("{}{}")]
    [InlineData("{")]
    [InlineData("{'a':1}")]
    [InlineData("{\"a\":1,}")]
    [InlineData("{} // no")]
    [InlineData("\uFEFF")]
    [InlineData("\uFEFF\uFEFF{}")]
    public void What_is_not_one_object_is_malformed(string json) => Assert.Equal(RejectReason.Malformed, Transcoding.Run(json, OtlpSignal.Traces).Refused);

    [Theory]
    [InlineData("{}")]
    [InlineData(" {} \r\n\t")]
    [InlineData("\uFEFF{}")]
    [InlineData("{\"resourceLogs\":[{}]}")]
    [InlineData("{\"resourceSpans\":null}")]
    public void An_object_without_spans_is_an_empty_request(string json) =>
        Assert.Equal(new ExportTraceServiceRequest(), ExportTraceServiceRequest.Parser.Read(json, OtlpSignal.Traces));

    private static string Escaped(string name) => string.Concat(name.Select(c => $"\\u{(int)c:x4}"));

    private static string Nested(int levels) =>
        string.Concat(Enumerable.Repeat("{\"arrayValue\":{\"values\":[", levels)) + "{\"intValue\":1}" + string.Concat(Enumerable.Repeat("]}}", levels));

    private static string Spans(string fields) => $"{{\"resourceSpans\":[{{\"scopeSpans\":[{{\"spans\":[{{{fields}}}]}}]}}]}}";

    private static string Body(string value) => Records($"\"body\":{value}");

    private static string Records(string fields) => $"{{\"resourceLogs\":[{{\"scopeLogs\":[{{\"logRecords\":[{{{fields}}}]}}]}}]}}";

    private static Span Span(string fields) =>
        Assert.Single(ExportTraceServiceRequest.Parser.Read(Spans(fields), OtlpSignal.Traces).ResourceSpans[0].ScopeSpans[0].Spans);

    private static LogRecord Record(string fields) =>
        Assert.Single(ExportLogsServiceRequest.Parser.Read(Records(fields), OtlpSignal.Logs).ResourceLogs[0].ScopeLogs[0].LogRecords);

    private static AnyValue Value(string value) => Record($"\"body\":{value}").Body;
}
