using System.Text;
using Google.Protobuf;
using Kpi.Collector.Otlp;
using Kpi.Rollups.Intake;
using Kpi.Rollups.Time;
using Kpi.Witness;

namespace Kpi.Tests.Collector.Otlp;

/// <summary>The worst offenders are named: senders, rejections by reason, clock skew.</summary>
public sealed class SenderFactsTests
{
    private static ulong Now => (ulong)UnixNanos.Now(TimeProvider.System).Value;

    [Fact]
    public void The_service_is_that_of_the_first_resource_wherever_it_stands()
    {
        var first = TestSpans.From("shop", TestSpans.Get());
        first.Resource.Attributes.Insert(0, new KeyValue { Key = "host.name", Value = new AnyValue { StringValue = "a" } });
        var request = new ExportTraceServiceRequest { ResourceSpans = { first, TestSpans.From("billing") } };
        Assert.Equal("shop", ServiceOf(request.ToByteArray()));
        Assert.Equal("checkout", ServiceOf(WireFiles.Read("trace-resource-last.pb")));
    }

    [Fact]
    public void Without_a_resource_or_a_name_there_is_no_service()
    {
        Assert.Equal("", ServiceOf([]));
        Assert.Equal("", ServiceOf(new ExportTraceServiceRequest { ResourceSpans = { new ResourceSpans() } }.ToByteArray()));
        Assert.Equal("", ServiceOf(new ExportTraceServiceRequest { ResourceSpans = { new ResourceSpans { Resource = new Resource() } } }.ToByteArray()));
    }

    [Fact]
    public void Whatever_is_cut_or_changed_it_only_looks()
    {
        var body = OtlpClient.Good(3).ToByteArray();
        var random = new Random(1);
        for (var cut = 0; cut < body.Length; cut++)
        {
            SenderFacts.FirstService(body.AsSpan(0, cut));
            var harmed = body.ToArray();
            harmed[cut] = (byte)random.Next(256);
            SenderFacts.FirstService(harmed);
        }
    }

    [Fact]
    public async Task Each_way_of_a_request_is_noted_with_its_sender()
    {
        await using var bed = await ServerBed.StartAsync();
        var good = OtlpClient.Good(3).ToByteArray();
        await bed.PostAsync(good);
        await bed.PostAsync(good);
        var packed = OtlpClient.Gzip(OtlpClient.Good(40).ToByteArray());
        await bed.PostAsync(packed, encoding: "gzip");
        var grpc = OtlpClient.Good(2);
        grpc.ResourceSpans[0].ScopeSpans[0].Spans[0].SpanId = ByteString.Empty;
        await bed.CallAsync(grpc);
        await bed.PostAsync([1, 2, 3]);
        await bed.PostAsync(good, type: "text/plain");
        await bed.CallAsync(good, type: "text/plain");
        await bed.CallAsync(OtlpClient.Frame(good, flag: 7));

        var senders = bed.Rollup.Senders.Read((long)Now).ToDictionary(s => s.Service);
        Assert.Equal(["", "shop"], senders.Keys.Order());
        Assert.All(senders.Values, s => Assert.Equal("127.0.0.1", s.Peer));
        var shop = senders["shop"];
        Assert.Equal((44, 1), (shop.Items, shop.Repeated));
        Assert.Equal([(RejectReason.InvalidId, 1)], shop.Reasons.Select(r => (r.Key, r.Value)));
        Assert.Equal([TelemetrySignal.Traces], shop.Signals);
        Assert.Equal(good.Length * 2 + packed.Length + grpc.CalculateSize(), shop.SentBytes);
        Assert.True(shop.InflatedBytes > shop.SentBytes);
        Assert.Equal(
            [(RejectReason.Malformed, 1), (RejectReason.UnsupportedContentType, 2), (RejectReason.BadFraming, 1)],
            senders[""].Reasons.Select(r => (r.Key, r.Value)).Order());
    }

    [Fact]
    public async Task An_overloaded_server_notes_whom_it_asked_to_try_again()
    {
        await using var bed = await ServerBed.StartAsync(options => options.MaxBytesInFlight = 1_000);
        await bed.PostAsync(OtlpClient.Good(100).ToByteArray());
        var sender = Assert.Single(bed.Rollup.Senders.Read((long)Now));
        Assert.Equal((1, 0), (sender.Reasons[RejectReason.Overloaded], sender.Items));
    }

    [Theory]
    [InlineData(300, 0)]
    [InlineData(1_200, 1)]
    [InlineData(-90, 0)]
    public async Task The_clock_of_a_sender_is_told_by_its_newest_item_even_when_all_are_rejected(int aheadSeconds, int rejected)
    {
        await using var bed = await ServerBed.StartAsync();
        var body = OtlpClient.Good();
        var span = body.ResourceSpans[0].ScopeSpans[0].Spans[0];
        span.EndTimeUnixNano = Now + (ulong)(aheadSeconds * 1_000_000_000L);
        span.StartTimeUnixNano = span.EndTimeUnixNano - 1;
        await bed.PostAsync(body);
        var sender = Assert.Single(bed.Rollup.Senders.Read((long)Now));
        Assert.Equal(rejected, sender.Reasons.GetValueOrDefault(RejectReason.TooFarAhead));
        Assert.InRange(sender.ClockBehind!.Value.TotalSeconds, -aheadSeconds, -aheadSeconds + 10);
    }

    [Fact]
    public async Task The_clock_of_a_sender_of_metrics_is_told_too_and_one_absurd_time_does_not_hide_it()
    {
        await using var bed = await ServerBed.StartAsync();
        var good = new NumberDataPoint { AsInt = 1, TimeUnixNano = Now - 60_000_000_000, StartTimeUnixNano = Now - 70_000_000_000 };
        var absurd = new NumberDataPoint { AsInt = 1, TimeUnixNano = ulong.MaxValue, StartTimeUnixNano = 1 };
        await bed.PostAsync(TestPoints.Request(TestPoints.Cumulative(good, absurd)).ToByteArray(), path: "/v1/metrics");
        var sender = Assert.Single(bed.Rollup.Senders.Read((long)Now));
        Assert.Equal([TelemetrySignal.Metrics], sender.Signals);
        Assert.InRange(sender.ClockBehind!.Value.TotalSeconds, 60, 70);
    }

    private static string ServiceOf(byte[] body) => Encoding.UTF8.GetString(SenderFacts.FirstService(body));
}
