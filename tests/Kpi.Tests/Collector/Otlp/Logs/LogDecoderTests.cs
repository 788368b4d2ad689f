using Google.Protobuf;
using Kpi.Collector.Otlp;
using Kpi.Collector.Otlp.Logs;
using Kpi.Rollups.Intake;
using Kpi.Rollups.Lanes;
using Kpi.Witness;

namespace Kpi.Tests.Collector.Otlp.Logs;

public sealed class LogDecoderTests
{
    private readonly LogDecoder decoder = new();
    private readonly SampleBatch batch = new();

    [Fact]
    public void Records_are_counted_by_class_of_severity_and_said_not_to_be_stored()
    {
        int[] numbers = [0, 1, 4, 5, 9, 12, 13, 16, 17, 20, 21, 24, 25, -1];
        Assert.True(decoder.TryDecode(Request([.. numbers.Select(n => Record(n))]).ToByteArray(), TestSpans.Receipt, batch, out var tally));
        Assert.Equal((14, 0, true), (tally.Items, tally.Rejected, tally.NeedsWords));
        Assert.Equal("not stored yet: log_record 14", tally.Describe(OtlpSignal.Logs));
        Assert.True(batch.IsEmpty);
        var intake = new IntakeTally();
        tally.AddTo(intake, TelemetrySignal.Logs, 5);
        Assert.Equal([3L, 2, 1, 2, 2, 2, 2], Enum.GetValues<LogSeverity>().Select(intake.LogRecordsOf));
        Assert.Equal((14, 0), (intake.AcceptedOf(TelemetrySignal.Logs), intake.Accepted));
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
        ];
        foreach (var place in places)
        {
            var bad = Record(9);
            place(bad);
            Assert.True(decoder.TryDecode(TestSpans.Spoil(Request(Record(9), bad)), TestSpans.Receipt, batch, out var tally));
            Assert.Equal((2, 1), (tally.Items, tally.Rejected));
            Assert.Equal("1 of 2 log records rejected: invalid_utf8 1; not stored yet: log_record 1", tally.Describe(OtlpSignal.Logs));
        }
    }

    [Fact]
    public void Every_beginning_of_a_body_is_taken_or_refused_as_the_official_decoder_does() => WireHarm.Truncate(Bodies(), Check);

    [Fact]
    public void Bodies_that_came_to_harm_are_taken_or_refused_as_the_official_decoder_does() => WireHarm.Harm(Bodies(), Check, rounds: 50_000, seed: 20260302);

    private static LogRecord Record(int severity) => new() { SeverityNumber = severity, TimeUnixNano = TestSpans.End, Body = new AnyValue { StringValue = "m" } };

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

    private bool Check(byte[] body)
    {
        var taken = decoder.TryDecode(body, TestSpans.Receipt, batch, out var tally);
        var official = Official(body);
        Assert.True(taken ? official == tally.Items : official is null || WireHarm.HasLongVarint(body), $"{official} records, ours {taken} {tally.Items}: {Convert.ToHexString(body)}");
        return taken;
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
