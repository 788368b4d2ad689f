using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;
using Kpi.Collector.Otlp;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Intake;
using Kpi.Tests.Collector.Otlp.Traces;
using Kpi.Witness;

namespace Kpi.Tests.Collector.Otlp.Json;

/// <summary>JSON against the same messages in protobuf: ingest reference 1.7.</summary>
public sealed class JsonTranscoderTests
{
    private static readonly RollupLimits Ever = new() { Retention = TimeSpan.FromDays(10_000) };

    // Witness: the .pb files, which protoc wrote from the same source.
    [Fact]
    public void The_published_examples_are_the_messages_that_protoc_makes_of_them()
    {
        Same(ExportTraceServiceRequest.Parser, "trace", OtlpSignal.Traces);
        Same(ExportMetricsServiceRequest.Parser, "metrics", OtlpSignal.Metrics);
        Same(ExportLogsServiceRequest.Parser, "logs", OtlpSignal.Logs);
        Same(ExportLogsServiceRequest.Parser, "events", OtlpSignal.Logs);
    }

    [Fact]
    public void The_published_examples_give_the_cells_of_their_protobuf()
    {
        using var spans = new DecoderBed(Ever);
        using var points = new MetricBed(Ever);
        using var others = new MetricBed(Ever);
        var json = spans.Decode(Transcoding.Run(WireFiles.Read("trace.json", WireFiles.Json), OtlpSignal.Traces).Message);
        var protobuf = spans.Decode(WireFiles.Read("trace.pb", WireFiles.Json));
        Assert.Equal(protobuf.Samples, json.Samples);
        Assert.Equal(protobuf.Tally.Items, json.Tally.Items);

        points.Take(Transcoding.Run(WireFiles.Read("metrics.json", WireFiles.Json), OtlpSignal.Metrics).Message);
        others.Take(WireFiles.Read("metrics.pb", WireFiles.Json));
        Assert.Equal(others.Totals().Describe(), points.Totals().Describe());
        Assert.NotEmpty(others.Totals().Counters);
    }

    [Fact]
    public void Random_requests_come_back_as_they_were() =>
        Prop.ForAll(RandomRequests.Arbitrary, request => Same(ExportTraceServiceRequest.Parser, request, OtlpSignal.Traces))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(500).WithReplay(20261122, 1));

    [Fact]
    public void Points_of_every_kind_come_back_as_they_were()
    {
        var all = TestPoints.OfOtherKinds(TestSpans.End);
        all[0].Gauge.DataPoints.Add(new NumberDataPoint { AsInt = long.MinValue, Flags = uint.MaxValue });
        all[0].Gauge.DataPoints.Add(new NumberDataPoint { AsDouble = double.NaN });
        all[0].Gauge.DataPoints.Add(new NumberDataPoint { AsDouble = double.NegativeInfinity, TimeUnixNano = ulong.MaxValue });
        all[3].ExponentialHistogram.DataPoints[0].Scale = int.MinValue;
        all[3].ExponentialHistogram.DataPoints[0].Positive.Offset = int.MaxValue;
        all[3].ExponentialHistogram.DataPoints[0].Positive.BucketCounts.Add(ulong.MaxValue);
        Same(ExportMetricsServiceRequest.Parser, TestPoints.Request(all), OtlpSignal.Metrics);
    }

    // A length takes another byte from 128, 16,384 and 2,097,152 on.
    [Fact]
    public void Messages_of_any_length_come_back_as_they_were()
    {
        int[] edges = [0, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152];
        foreach (var length in edges.SelectMany(e => Enumerable.Range(Math.Max(0, e - 20), 24)).Distinct())
        {
            var span = TestSpans.Get();
            span.Attributes.Add(TestSpans.Attribute("long=" + new string('a', length)));
            var request = TestSpans.Request(span);
            Assert.Equal(request, ExportTraceServiceRequest.Parser.Read(Transcoding.Format(request), OtlpSignal.Traces));
        }
    }

    [Fact]
    public void A_message_over_the_limit_is_too_large_and_one_over_the_budget_an_overload()
    {
        var json = System.Text.Encoding.UTF8.GetBytes(Transcoding.Format(TestSpans.Request([.. Enumerable.Range(0, 2_000).Select(_ => TestSpans.Get())])));
        var length = Transcoding.Run(json, OtlpSignal.Traces).Message.Length;
        Assert.InRange(length, 150_000, json.Length);
        Assert.Null(Transcoding.Run(json, OtlpSignal.Traces, limit: length + 100).Refused);
        Assert.Equal(RejectReason.TooLarge, Transcoding.Run(json, OtlpSignal.Traces, limit: length - 1).Refused);
        Assert.Equal(RejectReason.Overloaded, Transcoding.Run(json, OtlpSignal.Traces, inFlight: 100_000).Refused);
    }

    // Bounds take two characters in JSON and eight bytes in protobuf: the limit holds for both.
    [Fact]
    public void A_body_that_grows_in_protobuf_stops_at_the_limit()
    {
        var bounds = string.Join(',', Enumerable.Repeat("1", 100_000));
        var json = $$$"""{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"histogram":{"dataPoints":[{"explicitBounds":[{{{bounds}}}]}]}}]}]}]}""";
        var bytes = System.Text.Encoding.UTF8.GetBytes(json);
        Assert.Equal(RejectReason.TooLarge, Transcoding.Run(bytes, OtlpSignal.Metrics, limit: 300_000).Refused);
        Assert.Null(Transcoding.Run(bytes, OtlpSignal.Metrics, limit: 900_000).Refused);
    }

    private static void Same<T>(MessageParser<T> parser, string example, OtlpSignal signal)
        where T : IMessage<T> =>
        Assert.Equal(parser.ParseFrom(WireFiles.Read(example + ".pb", WireFiles.Json)), parser.Read(WireFiles.Read(example + ".json", WireFiles.Json), signal));

    private static void Same<T>(MessageParser<T> parser, T message, OtlpSignal signal)
        where T : IMessage<T> => Assert.Equal(message, parser.Read(Transcoding.Format(message), signal));
}
