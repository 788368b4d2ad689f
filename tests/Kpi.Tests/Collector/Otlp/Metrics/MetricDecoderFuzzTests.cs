using Google.Protobuf;
using Kpi.Witness;
using static Kpi.Tests.Collector.TestPoints;

namespace Kpi.Tests.Collector.Otlp.Metrics;

/// <summary>Bodies that came to harm: ours and Google's decoder agree on which are malformed, and on how many points the others have.</summary>
public sealed class MetricDecoderFuzzTests : IDisposable
{
    private readonly MetricBed bed = new();

    public void Dispose() => bed.Dispose();

    [Fact]
    public void Every_beginning_of_a_body_is_taken_or_refused_as_the_official_decoder_does() => WireHarm.Truncate(Bodies(), Check);

    [Fact]
    public void Bodies_that_came_to_harm_are_taken_or_refused_as_the_official_decoder_does() => WireHarm.Harm(Bodies(), Check, rounds: 100_000, seed: 20260301);

    private static byte[][] Bodies()
    {
        var rich = Point(7, 0, 10, "plan=team", "count:3");
        rich.Attributes.Add(new KeyValue { Key = "list", Value = new AnyValue { ArrayValue = new ArrayValue { Values = { new AnyValue { DoubleValue = 1 }, new AnyValue() } } } });
        rich.Attributes.Add(new KeyValue { Key = "map", Value = new AnyValue { KvlistValue = new KeyValueList { Values = { TestSpans.Attribute("a=b") } } } });
        rich.Exemplars.Add(new Exemplar { AsInt = 3, SpanId = ByteString.CopyFrom(1, 2), FilteredAttributes = { TestSpans.Attribute("k=v") } });
        var metric = Cumulative(rich, Point(9, 0, 10));
        metric.Description = "Orders";
        metric.Metadata.Add(TestSpans.Attribute("m=1"));
        return [Request(metric, Delta(Point(1))).ToByteArray(), Request(OfOtherKinds(TestSpans.End)).ToByteArray()];
    }

    private bool Check(byte[] body)
    {
        var before = bed.Catalog.Count;
        var taken = bed.TryDecode(body, out var tally);
        var official = Official(body);
        if (taken)
        {
            Assert.True(official == tally.Items, $"{official} points, ours {tally.Items}: {Convert.ToHexString(body)}");
            Assert.True(tally.Rejected <= tally.Items);
        }
        else
        {
            Assert.True(bed.Batch.IsEmpty && bed.Catalog.Count == before);
            Assert.True(official is null || WireHarm.HasLongVarint(body), $"refused by us alone: {Convert.ToHexString(body)}");
        }

        return taken;
    }

    private static int? Official(byte[] body)
    {
        try
        {
            return ExportMetricsServiceRequest.Parser.ParseFrom(body).ResourceMetrics.Sum(r => r.ScopeMetrics.Sum(s => s.Metrics.Sum(Points)));
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    private static int Points(Metric metric) => metric.DataCase switch
    {
        Metric.DataOneofCase.Gauge => metric.Gauge.DataPoints.Count,
        Metric.DataOneofCase.Sum => metric.Sum.DataPoints.Count,
        Metric.DataOneofCase.Histogram => metric.Histogram.DataPoints.Count,
        Metric.DataOneofCase.ExponentialHistogram => metric.ExponentialHistogram.DataPoints.Count,
        Metric.DataOneofCase.Summary => metric.Summary.DataPoints.Count,
        _ => 0,
    };
}
