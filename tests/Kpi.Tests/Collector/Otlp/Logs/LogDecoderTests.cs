using Google.Protobuf;
using Kpi.Collector.Otlp;
using Kpi.Collector.Otlp.Logs;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Intake;
using Kpi.Rollups.Time;
using Kpi.Witness;

namespace Kpi.Tests.Collector.Otlp.Logs;

public sealed class LogDecoderTests : IDisposable
{
    private readonly MetricBed bed = new(decoder: r => new LogDecoder(r));

    public void Dispose() => bed.Dispose();

    [Fact]
    public void Records_are_counted_by_class_of_severity()
    {
        int[] numbers = [0, 1, 4, 5, 9, 12, 13, 16, 17, 20, 21, 24, 25, -1];
        var tally = bed.Take(Request([.. numbers.Select(n => Record(n))]));
        Assert.Equal((14, 0), (tally.Items, tally.Rejected));
        var intake = new IntakeTally();
        tally.AddTo(intake, TelemetrySignal.Logs, 5);
        Assert.Equal([3L, 2, 1, 2, 2, 2, 2], Enum.GetValues<LogSeverity>().Select(intake.LogRecordsOf));
        Assert.Equal((14, 0), (intake.AcceptedOf(TelemetrySignal.Logs), intake.Accepted));
        Assert.Equal(
            new() { ["debug"] = 1, ["error"] = 2, ["fatal"] = 2, ["info"] = 2, ["trace"] = 2, ["unspecified"] = 3, ["warn"] = 2 },
            Counts("severity"));
    }

    [Fact]
    public void A_series_bears_the_service_as_those_of_spans_do_and_says_that_it_is_made_of_logs()
    {
        var request = Request(Record(9));
        request.ResourceLogs[0].Resource.Attributes.Add(TestSpans.Attribute("service.namespace=web"));
        request.ResourceLogs[0].Resource.Attributes.Add(TestSpans.Attribute("deployment.environment=prod"));
        request.ResourceLogs[0].Resource.Attributes.Add(TestSpans.Attribute("service.instance.id=i1"));
        bed.Take(request);
        var series = Assert.Single(bed.Totals().Series.Values);
        Assert.Equal(("log.records", "{record}", SeriesKind.Counter), (series.Name, series.Unit, series.Kind));
        Assert.Equal(
            ["__name__=log.records", "deployment.environment.name=prod", "kpi.from=logs", "service.name=shop", "service.namespace=web", "severity=info"],
            series.Labels.Select(l => $"{l.Key}={l.Value}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void An_event_is_named_by_its_field_and_else_by_its_attribute()
    {
        bed.Take(Request(
            Event("checkout"), Event("checkout", "event.name=other"), Event("", "event.name=checkout"), Event("", "event.name=a", "event.name=b"),
            Event("", "event.name:7"), Event("", "event.names=c"), Event(new string('x', 256)), Event(new string('x', 257))));
        Assert.Equal(new() { ["checkout"] = 3, ["b"] = 1, [""] = 2, [new string('x', 256)] = 1, ["_OTHER"] = 1 }, Counts("event.name"));
    }

    [Fact]
    public void A_record_counts_at_its_time_else_when_it_was_observed_else_when_it_was_received()
    {
        const ulong Second = 1_000_000_000;
        var tally = bed.Take(Request(
            Timed(TestSpans.End - (100 * Second), TestSpans.End), Timed(0, TestSpans.End - (200 * Second)), Timed(0, 0),
            Timed(1, TestSpans.End), Timed(TestSpans.End + (3_600 * Second), 0)));
        Assert.Equal((5, 2, 1, 1), (tally.Items, tally.Rejected, tally[RejectReason.TooOld], tally[RejectReason.TooFarAhead]));
        Assert.Equal(
            ((long[])[-200, -100, 1]).Select(s => Slice.Of(new UnixNanos((long)TestSpans.End + (s * (long)Second))).Number),
            bed.Totals().Counters.Keys.Select(k => k.Slice).Order());

        static LogRecord Timed(ulong time, ulong observed) => new() { TimeUnixNano = time, ObservedTimeUnixNano = observed };
    }

    // Ingest reference 1.9: invalid ids mean that it belongs to no trace.
    [Fact]
    public void A_record_with_invalid_ids_is_kept()
    {
        var record = Record(9);
        record.TraceId = ByteString.CopyFrom(1, 2, 3);
        record.SpanId = ByteString.CopyFrom(new byte[8]);
        Assert.Equal((1, 0), (bed.Take(Request(record)).Items, bed.Intake[RejectReason.InvalidId]));
        Assert.Equal(1, Counts("severity")["info"]);
    }

    [Fact]
    public void Too_many_event_names_share_one_series_and_none_is_lost()
    {
        using var small = new MetricBed(new RollupLimits { SeriesPerMetric = 10 }, r => new LogDecoder(r));
        var tally = small.Take(Request([.. Enumerable.Range(0, 50).Select(i => Event($"e{i}"))]));
        Assert.Equal((0, 40), (tally.Rejected, tally[RejectReason.SeriesOverflow]));
        Assert.Equal(11, small.Catalog.Count);
        Assert.Equal(40, small.Totals().Counters.Single(c => c.Key.Series.Contains("otel.metric.overflow", StringComparison.Ordinal)).Value.Increase.ToDouble());
    }

    [Fact]
    public void A_record_with_a_string_that_is_not_UTF_8_is_rejected()
    {
        Action<LogRecord>[] places =
        [
            r => r.SeverityText = TestSpans.Spoiled,
            r => r.EventName = TestSpans.Spoiled,
            r => r.Body = new AnyValue { StringValue = TestSpans.Spoiled },
            r => r.Attributes.Add(TestSpans.Attribute("k=" + TestSpans.Spoiled)),
            r => r.Attributes.Add(TestSpans.Attribute("event.name=" + TestSpans.Spoiled)),
        ];
        foreach (var place in places)
        {
            var bad = Record(9);
            place(bad);
            Assert.True(bed.TryDecode(TestSpans.Spoil(Request(Record(9), bad)), out var tally));
            Assert.Equal((2, 1), (tally.Items, tally.Rejected));
            Assert.Equal("1 of 2 log records rejected: invalid_utf8 1", tally.Describe(OtlpSignal.Logs));
            Assert.Equal(1, bed.Batch.Counters.Length);
        }
    }

    [Fact]
    public void Every_beginning_of_a_body_is_taken_or_refused_as_the_official_decoder_does() => WireHarm.Truncate(Bodies(), Check);

    [Fact]
    public void Bodies_that_came_to_harm_are_taken_or_refused_as_the_official_decoder_does() => WireHarm.Harm(Bodies(), Check, rounds: 50_000, seed: 20260302);

    private static LogRecord Record(int severity) => new() { SeverityNumber = severity, TimeUnixNano = TestSpans.End, Body = new AnyValue { StringValue = "m" } };

    private static LogRecord Event(string name, params string[] attributes) =>
        new() { EventName = name, TimeUnixNano = TestSpans.End, Attributes = { attributes.Select(TestSpans.Attribute) } };

    private static ExportLogsServiceRequest Request(params LogRecord[] records) => new()
    {
        ResourceLogs =
        {
            new ResourceLogs
            {
                Resource = new Resource { Attributes = { TestSpans.Attribute("service.name=shop") } },
                ScopeLogs = { new ScopeLogs { Scope = new InstrumentationScope { Name = "Shop" }, LogRecords = { records } } },
            },
        },
    };

    private static byte[][] Bodies()
    {
        var rich = Record(13);
        rich.Body = new AnyValue { KvlistValue = new KeyValueList { Values = { TestSpans.Attribute("a=b"), TestSpans.Attribute("n:3") } } };
        rich.EventName = "checkout";
        rich.TraceId = ByteString.CopyFrom(new byte[16]);
        rich.Attributes.Add(TestSpans.Attribute("plan=team"));
        return [Request(rich, Record(9)).ToByteArray()];
    }

    // Harm makes ever new names; what is counted is their business of the catalogue's tests.
    private bool Check(byte[] body)
    {
        var taken = bed.TryDecode(body, out var tally);
        var official = Official(body);
        Assert.True(taken ? official == tally.Items : official is null || WireHarm.HasLongVarint(body), $"{official} records, ours {taken} {tally.Items}: {Convert.ToHexString(body)}");
        Assert.Equal(taken ? tally.Items - tally.Rejected : 0, bed.Batch.Counters.Length);
        return taken;
    }

    private Dictionary<string, double> Counts(string label)
    {
        var totals = bed.Totals();
        return totals.Counters.GroupBy(c => totals.Series[c.Key.Series].Labels[label] ?? "")
            .ToDictionary(g => g.Key, g => g.Sum(c => c.Value.Increase.ToDouble()));
    }

    private static int? Official(byte[] body)
    {
        try
        {
            return ExportLogsServiceRequest.Parser.ParseFrom(body).ResourceLogs.Sum(r => r.ScopeLogs.Sum(s => s.LogRecords.Count));
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }
}
