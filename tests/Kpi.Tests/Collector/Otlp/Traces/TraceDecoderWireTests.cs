using System.Security.Cryptography;
using Kpi.Rollups.Intake;
using Kpi.Rollups.Time;
using Kpi.Witness;

namespace Kpi.Tests.Collector.Otlp.Traces;

/// <summary>The decoder against the verdicts of libprotoc: ingest reference 1.8, "Wire traps".</summary>
public class TraceDecoderWireTests
{
    // The official decoder refuses a whole request for a string that is not UTF-8; we reject the span and keep the others.
    private const string OnlyItsSpanIsRejected = "bad-utf8-name.pb";

    public static TheoryData<string, bool> Verdicts()
    {
        var verdicts = new TheoryData<string, bool>();
        foreach (var entry in WireFiles.Manifest().GetProperty("protobuf").EnumerateArray())
        {
            var file = entry.GetProperty("file").GetString()!;
            verdicts.Add(file, entry.GetProperty("official_decoder_accepts").GetBoolean() || file == OnlyItsSpanIsRejected);
        }

        return verdicts;
    }

    [Theory]
    [MemberData(nameof(Verdicts))]
    public void A_body_is_taken_exactly_when_the_official_decoder_takes_it(string file, bool official)
    {
        using var bed = new DecoderBed();
        var decoded = bed.Decode(WireFiles.Read(file));
        Assert.Equal(official, decoded.Taken);
        Assert.Equal(0, bed.Catalog.Count);
        if (official)
        {
            var message = ExportTraceServiceRequest.Parser.ParseFrom(WireFiles.Read(file));
            Assert.Equal(message.ResourceSpans.Sum(r => r.ScopeSpans.Sum(s => s.Spans.Count)), decoded.Tally.Items);
        }
    }

    [Fact]
    public void The_files_are_the_ones_of_the_manifest()
    {
        foreach (var entry in WireFiles.Manifest().GetProperty("protobuf").EnumerateArray())
        {
            var digest = Convert.ToHexStringLower(SHA256.HashData(WireFiles.Read(entry.GetProperty("file").GetString()!)));
            Assert.Equal(entry.GetProperty("sha256").GetString(), digest);
        }
    }

    [Theory]
    [InlineData("enum-unknown-value.pb", RejectReason.InvalidId)]
    [InlineData("ids-wrong-length.pb", RejectReason.InvalidId)]
    [InlineData("bad-utf8-name.pb", RejectReason.InvalidUtf8)]
    [InlineData("trace-resource-last.pb", RejectReason.NoTime)]
    [InlineData("trace-unknown-fields.pb", RejectReason.TooOld)]
    [InlineData("example-trace.pb", RejectReason.TooOld)]
    public void A_span_that_cannot_count_is_rejected_with_its_reason(string file, RejectReason reason)
    {
        using var bed = new DecoderBed();
        var decoded = bed.Decode(WireFiles.Read(file));
        Assert.Equal(1, decoded.Tally.Rejected);
        Assert.Equal(1, decoded.Tally[reason]);
    }

    [Fact]
    public void The_official_example_is_taken_in_its_time_and_not_counted_as_it_names_no_protocol()
    {
        using var bed = new DecoderBed();
        var decoded = bed.Decode(WireFiles.Read("example-trace.pb"), new UnixNanos(1_544_712_661_500_000_000));
        Assert.True(decoded.Taken);
        Assert.Equal((1, 0), (decoded.Tally.Items, decoded.Tally.Rejected));
        Assert.Empty(decoded.Samples);
    }

    // Point 13: an empty request is a valid one.
    [Fact]
    public void An_empty_body_is_an_empty_request()
    {
        using var bed = new DecoderBed();
        var decoded = bed.Decode([]);
        Assert.True(decoded.Taken);
        Assert.Equal(0, decoded.Tally.Items);
    }
}
