using System.Diagnostics;
using System.Text;
using Kpi.Collector.Admission;
using Kpi.Collector.Otlp;
using Kpi.Collector.Otlp.Json;
using Kpi.Tests.Collector.Otlp.Json;
using Xunit.Abstractions;

namespace Kpi.Tests.Collector.Alone;

[Collection(RunsAlone.Name)]
public sealed class JsonAllocationTests(ITestOutputHelper output)
{
    private const int Spans = 500;
    private const int Rounds = 200;

    [Fact]
    public void Spans_in_JSON_become_protobuf_without_an_allocation()
    {
        using var into = new BodyBuffer(new BytesInFlight(16 << 20), 4 << 20);
        var json = Encoding.UTF8.GetBytes(Transcoding.Format(TestSpans.Request([.. Enumerable.Range(0, Spans).Select(i => TestSpans.Get($"/api/\"v1\"/{i}"))])));
        Transcode(json, into, Rounds);
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var started = Stopwatch.GetTimestamp();
        Transcode(json, into, Rounds);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        output.WriteLine($"{allocated} bytes, {Spans * Rounds / seconds:N0} spans/s of {json.Length / Spans} bytes, {json.Length * Rounds / seconds / 1e6:N0} MB/s");
        Assert.Equal(0, allocated);
    }

    private static void Transcode(byte[] json, BodyBuffer into, int rounds)
    {
        for (var round = 0; round < rounds; round++)
        {
            if (JsonTranscoder.Run(json, JsonSchema.RequestOf(OtlpSignal.Traces), into, out _) is { } reason)
            {
                throw new InvalidOperationException($"a good body was refused: {reason}");
            }
        }
    }
}
