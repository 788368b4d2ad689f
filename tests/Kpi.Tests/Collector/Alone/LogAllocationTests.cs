using System.Diagnostics;
using Google.Protobuf;
using Kpi.Collector.Otlp.Logs;
using Kpi.Witness;
using Xunit.Abstractions;

namespace Kpi.Tests.Collector.Alone;

[Collection(RunsAlone.Name)]
public sealed class LogAllocationTests(ITestOutputHelper output) : IDisposable
{
    private const int Records = 1_000;
    private const int Rounds = 1_000;

    private readonly MetricBed bed = new(decoder: r => new LogDecoder(r));

    public void Dispose() => bed.Dispose();

    [Fact]
    public void A_million_records_of_known_series_are_decoded_without_an_allocation()
    {
        var records = Enumerable.Range(0, Records).Select(i => new LogRecord
        {
            TimeUnixNano = TestSpans.End,
            ObservedTimeUnixNano = TestSpans.End,
            SeverityNumber = i % 25,
            SeverityText = "Information",
            EventName = i % 3 == 0 ? $"shop.event.{i % 20}" : "",
            Body = new AnyValue { StringValue = "Order of a customer was placed in the shop and is on its way" },
            TraceId = ByteString.CopyFrom(new byte[16]),
            SpanId = ByteString.CopyFrom(new byte[8]),
            Attributes = { TestSpans.Attribute("plan=team"), TestSpans.Attribute("event.name=older"), TestSpans.Attribute("status:200") },
        });
        var body = new ExportLogsServiceRequest
        {
            ResourceLogs =
            {
                new ResourceLogs
                {
                    Resource = new Resource { Attributes = { TestSpans.Attribute("service.name=shop") } },
                    ScopeLogs = { new ScopeLogs { LogRecords = { records } } },
                },
            },
        }.ToByteArray();
        for (var round = 0; round < Rounds; round++)
        {
            Decode(body);
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var started = Stopwatch.GetTimestamp();
        for (var round = 0; round < Rounds; round++)
        {
            Decode(body);
        }

        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        output.WriteLine($"{allocated} bytes, {Records * Rounds / seconds:N0} records/s of {body.Length / Records} bytes");
        Assert.Equal(0, allocated);
        Assert.InRange(bed.Catalog.Count, 8, 200);
    }

    private void Decode(byte[] body)
    {
        if (!bed.TryDecode(body, out var tally) || tally.Rejected != 0 || bed.Batch.Counters.Length != Records)
        {
            throw new InvalidOperationException("a good body was refused");
        }
    }
}
