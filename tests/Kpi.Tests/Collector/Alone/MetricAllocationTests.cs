using System.Diagnostics;
using Google.Protobuf;
using Xunit.Abstractions;
using static Kpi.Tests.Collector.TestPoints;

namespace Kpi.Tests.Collector.Alone;

[Collection(RunsAlone.Name)]
public sealed class MetricAllocationTests(ITestOutputHelper output) : IDisposable
{
    private const int Series = 1_000;
    private const int Rounds = 1_000;

    private readonly MetricBed bed = new();

    public void Dispose() => bed.Dispose();

    [Fact]
    public void A_million_points_of_known_series_are_decoded_without_an_allocation()
    {
        var body = Request(Cumulative([.. Enumerable.Range(0, Series).Select(i => Point(
            i, 0, 60, $"http.route=/api/v1/resource-{i:d4}", "http.request.method=GET", "http.response.status_code:200", "plan=team", "region=eu-west-1"))])).ToByteArray();
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
        output.WriteLine($"{allocated} bytes, {Series * Rounds / seconds:N0} points/s of {body.Length / Series} bytes");
        Assert.Equal(0, allocated);
        Assert.Equal(Series, bed.Catalog.Count);
    }

    private void Decode(byte[] body)
    {
        if (!bed.TryDecode(body, out var tally) || tally.Rejected != 0 || bed.Batch.Counters.Length != Series)
        {
            throw new InvalidOperationException("a good body was refused");
        }
    }
}
