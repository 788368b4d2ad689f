using Google.Protobuf;
using Kpi.Rollups.Intake;
using Kpi.Witness;

namespace Kpi.Tests.Collector.Otlp.Traces;

public sealed class TraceDecoderTests : IDisposable
{
    private const string Counted =
        """{__name__="http.server.request.duration", http.request.method="GET", http.response.status_code="200", http.route="/a", kpi.from="spans", service.name="shop"}""";

    private readonly DecoderBed bed = new();

    private static readonly byte[] Span = TestSpans.Get().ToByteArray();
    private static readonly byte[] Resource = WireBytes.Field(1, TestSpans.From("shop").Resource.ToByteArray());

    // Of every wire type, and a group with groups in it.
    private static readonly byte[] Unknown =
    [
        .. WireBytes.Number(1000, 300), .. WireBytes.Varint((1001 << 3) | 1), 1, 2, 3, 4, 5, 6, 7, 8, .. WireBytes.Field(1002, [0xFF, 0xFE]),
        .. WireBytes.Varint((1003 << 3) | 5), 1, 2, 3, 4,
        .. WireBytes.Varint((1004 << 3) | 3), 0x0B, 0x10, 0x01, 0x0C, .. WireBytes.Field(5, [9]), .. WireBytes.Varint((1004 << 3) | 4),
    ];

    public void Dispose() => bed.Dispose();

    [Fact]
    public void A_span_becomes_a_sample_of_its_series_in_the_slice_of_its_end()
    {
        var sample = Assert.Single(Taken(TestSpans.Request(TestSpans.Get()).ToByteArray()).Samples);
        Assert.Equal(new Sample(Counted, (int)(TestSpans.End / 10_000_000_000) + 1, (long)TestSpans.Duration, 1UL << 32), sample);
    }

    // Point 10 of section 7: protobuf order.
    [Fact]
    public void A_resource_behind_its_spans_counts()
    {
        AssertCounted(WireBytes.Field(1, WireBytes.Field(2, WireBytes.Field(2, Span)), Resource));
    }

    [Fact]
    public void A_scope_behind_its_spans_counts()
    {
        var scope = WireBytes.Field(1, TestSpans.Spoil(new InstrumentationScope { Name = TestSpans.Spoiled }));
        var decoded = Taken(WireBytes.Field(1, WireBytes.Field(2, WireBytes.Field(2, Span), scope), Resource));
        Assert.Equal(1, decoded.Tally[RejectReason.InvalidUtf8]);
    }

    [Fact]
    public void A_resource_given_twice_is_one_resource_with_the_attributes_of_both()
    {
        byte[] environment = new Resource { Attributes = { TestSpans.Attribute("deployment.environment.name=prod") } }.ToByteArray();
        var body = WireBytes.Field(1, WireBytes.Field(1, environment), WireBytes.Field(2, WireBytes.Field(2, Span)), Resource);
        Assert.Contains("deployment.environment.name=\"prod\"", Assert.Single(Taken(body).Samples).Labels);
        Assert.Contains("service.name=\"shop\"", Assert.Single(Taken(body).Samples).Labels);
    }

    [Fact]
    public void A_status_given_twice_is_merged()
    {
        var error = WireBytes.Field(15, new SpanStatus { Code = StatusCode.Error }.ToByteArray());
        var message = WireBytes.Field(15, new SpanStatus { Message = "no" }.ToByteArray());
        Assert.Contains("error.type=\"_OTHER\"", Assert.Single(Taken(WireBytes.RequestOfSpan(Span, error, message)).Samples).Labels);
    }

    [Fact]
    public void Of_the_values_of_an_attribute_the_last_counts()
    {
        var route = WireBytes.Field(9, WireBytes.Field(1, "http.route"u8.ToArray()), WireBytes.Field(2, WireBytes.Field(1, "/x"u8.ToArray()), WireBytes.Field(1, "/b"u8.ToArray())));
        Assert.Contains("http.route=\"/b\"", Assert.Single(Taken(WireBytes.RequestOfSpan(Span, route)).Samples).Labels);
    }

    [Fact]
    public void A_number_replaced_by_a_double_in_the_same_value_is_no_number()
    {
        byte[] replaced = [.. WireBytes.Number(3, 404), 0x21, 0, 0, 0, 0, 0, 0, 0xF0, 0x3F];
        var status = WireBytes.Field(9, WireBytes.Field(1, "http.response.status_code"u8.ToArray()), WireBytes.Field(2, replaced));
        var decoded = Taken(WireBytes.RequestOfSpan(Span, status));
        Assert.Equal(1, decoded.Tally[RejectReason.InvalidStatusCode]);
        Assert.DoesNotContain("status_code", Assert.Single(decoded.Samples).Labels);
    }

    [Fact]
    public void Unknown_fields_are_stepped_over_at_every_level()
    {
        byte[] pair = [.. Unknown, .. WireBytes.Field(1, "k"u8.ToArray()), .. WireBytes.Field(2, Unknown, WireBytes.Field(1, "v"u8.ToArray()), Unknown), .. Unknown];
        byte[] withPair = [.. Unknown, .. WireBytes.Field(3, pair)];
        byte[] link = [.. Unknown, .. WireBytes.Field(4, pair)];
        var span = WireBytes.Field(2, Unknown, Span, WireBytes.Field(9, pair), WireBytes.Field(11, withPair), WireBytes.Field(13, link), WireBytes.Field(15, Unknown), Unknown);
        var scope = WireBytes.Field(2, Unknown, WireBytes.Field(1, withPair), span, Unknown);
        byte[] resource = [.. Unknown, .. Resource, .. WireBytes.Field(1, Unknown, WireBytes.Field(3, Unknown))];
        AssertCounted([.. Unknown, .. WireBytes.Field(1, resource, scope, Unknown), .. Unknown]);
    }

    [Fact]
    public void Varints_may_be_longer_than_they_need_to_be()
    {
        byte[] kind = [.. WireBytes.Overlong(6 << 3, 5), .. WireBytes.Overlong(2, 10)];
        byte[] request = WireBytes.RequestOfSpan(Span, kind);
        AssertCounted([.. WireBytes.Overlong((1 << 3) | 2, 5), .. WireBytes.Overlong((ulong)request.Length - 3, 10), .. request[3..]]);
    }

    [Fact]
    public void A_varint_of_eleven_bytes_is_malformed() =>
        Refused(WireBytes.RequestOfSpan(Span, [.. WireBytes.Varint(6 << 3), .. WireBytes.Overlong(2, 11)]));

    // Every field of a span as varint, fixed64, bytes, group and fixed32: where that is not its type, it is an unknown field.
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    public void A_known_field_of_another_wire_type_is_unknown(int type)
    {
        var body = new List<byte>();
        foreach (var field in (int[])[1, 2, 3, 4, 5, 9, 11, 13, 15])
        {
            var tag = WireBytes.Varint((ulong)((field << 3) | type));
            var end = WireBytes.Varint((ulong)((field << 3) | 4));
            body.AddRange(type switch { 0 => [.. tag, 7], 1 => [.. tag, 1, 2, 3, 4, 5, 6, 7, 8], 3 => [.. tag, .. end], _ => [.. tag, 1, 2, 3, 4] });
        }

        AssertCounted(WireBytes.RequestOfSpan(Span, [.. body]));
    }

    [Fact]
    public void Numbers_and_times_that_come_as_bytes_are_unknown() =>
        AssertCounted(WireBytes.RequestOfSpan(Span, WireBytes.Field(6, [1]), WireBytes.Field(7, [1]), WireBytes.Field(8, [2, 3])));

    [Theory]
    [InlineData(0, 8)]
    [InlineData(15, 8)]
    [InlineData(17, 8)]
    [InlineData(32, 8)]
    [InlineData(16, 0)]
    [InlineData(16, 7)]
    [InlineData(16, 9)]
    public void Ids_of_another_length_make_a_span_invalid_and_leave_the_others(int trace, int span)
    {
        var bad = TestSpans.Get();
        bad.TraceId = ByteString.CopyFrom([.. Enumerable.Repeat((byte)1, trace)]);
        bad.SpanId = ByteString.CopyFrom([.. Enumerable.Repeat((byte)1, span)]);
        AssertRejects(RejectReason.InvalidId, bad);
    }

    [Fact]
    public void Ids_of_zeros_make_a_span_invalid()
    {
        var bad = TestSpans.Get();
        bad.TraceId = ByteString.CopyFrom(new byte[16]);
        AssertRejects(RejectReason.InvalidId, bad);
        bad = TestSpans.Get();
        bad.SpanId = ByteString.CopyFrom(new byte[8]);
        AssertRejects(RejectReason.InvalidId, bad);
    }

    // Point 9 of section 7: empty envelopes succeed.
    [Fact]
    public void Empty_envelopes_are_taken()
    {
        var decoded = Taken(new ExportTraceServiceRequest { ResourceSpans = { new ResourceSpans(), new ResourceSpans { ScopeSpans = { new ScopeSpans() } } } }.ToByteArray());
        Assert.Equal(0, decoded.Tally.Items);
        Assert.Equal(1, Taken(new ExportTraceServiceRequest { ResourceSpans = { new ResourceSpans { ScopeSpans = { new ScopeSpans { Spans = { new Span() } } } } } }.ToByteArray()).Tally.Rejected);
    }

    [Fact]
    public void What_is_malformed_behind_good_spans_refuses_all_and_makes_no_series()
    {
        byte[] good = TestSpans.Request(TestSpans.Get()).ToByteArray();
        Refused([.. good, 0x0A, 0x05, 0x01]);
        Refused(WireBytes.RequestOfSpan(Span, WireBytes.Field(9, WireBytes.Field(2, [0x0A, 0x7F]))));
        Refused(WireBytes.RequestOfSpan(Span, WireBytes.Field(11, [0x12, 0x7F])));
        Refused(WireBytes.RequestOfSpan(Span, WireBytes.Field(13, [0x1A, 0x7F])));
        Refused(WireBytes.RequestOfSpan(Span, WireBytes.Field(15, [0x12, 0x7F])));
        Refused(WireBytes.Field(1, WireBytes.Field(2, WireBytes.Field(2, Span)), WireBytes.Field(1, [0x0A, 0x7F])));
        Refused(WireBytes.Field(1, WireBytes.Field(2, WireBytes.Field(2, Span), WireBytes.Field(1, [0x0A, 0x7F])), Resource));
        Assert.Equal(0, bed.Catalog.Count);
    }

    private Decoded Taken(byte[] body)
    {
        var decoded = bed.Decode(body);
        Assert.True(decoded.Taken);
        return decoded;
    }

    private void Refused(byte[] body)
    {
        var decoded = bed.Decode(body);
        Assert.False(decoded.Taken);
        Assert.Empty(decoded.Samples);
    }

    private void AssertCounted(byte[] body) => Assert.Equal([Counted], Taken(body).Samples.Select(s => s.Labels));

    private void AssertRejects(RejectReason reason, Span bad)
    {
        var decoded = Taken(TestSpans.Request(TestSpans.Get(), bad, TestSpans.Get("/b")).ToByteArray());
        Assert.Equal((3, 1, 1), (decoded.Tally.Items, decoded.Tally.Rejected, decoded.Tally[reason]));
        Assert.Equal(2, decoded.Samples.Count);
    }
}
