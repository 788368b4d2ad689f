using System.Buffers.Binary;
using System.IO.Compression;
using Google.Protobuf;
using Kpi.EndToEnd.Answers;
using Kpi.EndToEnd.Server;
using Kpi.Testing;
using Kpi.Witness;

namespace Kpi.EndToEnd;

public sealed class ImportTests(ITestOutputHelper output) : IDisposable
{
    private const int Days = 30;
    private const int BodiesPerDay = 48;
    private const int SpansPerBody = 50;
    private const string Metric = "app.imported";

    private static readonly long Step = (long)(TimeSpan.FromDays(1).TotalNanoseconds / BodiesPerDay);

    private static readonly TimeSpan ImportTime = TimeSpan.FromMinutes(3);

    private readonly KpiFolder folder = new();
    private readonly DateTime now = DateTime.UtcNow;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Thirty_days_are_imported_once_and_the_last_day_is_read()
    {
        var files = Month();
        Assert.Contains("spans taken: 72,000", await ImportAsync(0, files), StringComparison.Ordinal);
        Assert.Contains("already imported", await ImportAsync(0, files), StringComparison.Ordinal);

        await using var server = await KpiServer.StartAsync(folder);
        await AssertLastDayAsync(server.Api);
        Assert.Contains("another kpi works in", await ImportAsync(2, files), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_import_that_is_killed_is_made_whole_by_the_next()
    {
        var files = Month();

        // As little memory as may be set, so that there are many commits between which to die.
        KeyValuePair<string, string>[] environment = [new("KPI__Rollups__UncommittedBytes", "1048576")];
        var kills = 0;
        var said = "";
        for (var lives = TimeSpan.FromMilliseconds(400); ; lives += TimeSpan.FromMilliseconds(400))
        {
            using var process = KpiProcess.Start(folder.Root, Arguments(files), environment);
            if (await HasEndedAsync(process, lives))
            {
                Assert.True(process.ExitCode == 0, $"exit code {process.ExitCode}:\n{process.Output}");
                said = process.Output;
                break;
            }

            process.Kill();
            await process.WaitForExitAsync(ImportTime);
            kills++;
        }

        output.WriteLine($"{kills} kills; {said}");
        Assert.True(kills > 2, $"{kills} kills");
        Assert.Matches("going on where an earlier run was cut off|already imported", said);
        await using var server = await KpiServer.StartAsync(folder);
        await AssertLastDayAsync(server.Api);
    }

    [Fact]
    public async Task What_cannot_be_imported_is_said_in_words_and_exit_codes()
    {
        var span = new SpanBodies(series: 4).Message(10, Nanos(now - TimeSpan.FromDays(500)));
        Assert.Contains("rejected: too_old: 10", await ImportAsync(1, Write("old.traces.pb", span.ToByteArray())), StringComparison.Ordinal);

        var said = await ImportAsync(2, Write("nameless.pb", span.ToByteArray()), Path.Combine(folder.Root, "missing.traces.pb"));
        Assert.Contains("nameless.pb: its name does not say", said, StringComparison.Ordinal);
        Assert.Contains("there is no file", said, StringComparison.Ordinal);
        Assert.Contains("at byte 0: cut short", await ImportAsync(2, Write("cut.traces.pb", Delimited(span)[..^1])), StringComparison.Ordinal);
        Assert.Contains("JSON", await ImportAsync(2, Write("json.traces.pb", "[{}]"u8.ToArray())), StringComparison.Ordinal);
    }

    private static async Task<bool> HasEndedAsync(KpiProcess process, TimeSpan within)
    {
        try
        {
            await process.WaitForExitAsync(within);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    // The window begins at a quarter of an hour, a little more than a day ago; of the total's half hours one lies across its start.
    private async Task AssertLastDayAsync(KpiApi api)
    {
        var from = ((DateTimeOffset)(await api.JsonAsync("api/scorecard?window=24h"))["from"]!).UtcDateTime;
        var bodies = Times().Count(t => t > Nanos(from));
        Assert.InRange(bodies, BodiesPerDay, BodiesPerDay + 1);
        Assert.Equal(bodies * SpansPerBody, (long?)(await api.ServiceAsync("shop", "24h"))!["requests"]);
        Assert.InRange(await IncreaseAsync(api), (bodies - 1) * 3, bodies * 3);
    }

    private static async Task<double> IncreaseAsync(KpiApi api) =>
        (await api.SeriesAsync($"{{\"{Metric}\"}}", "24h")).Sum(s => (double)s!["increase"]!);

    private static long Nanos(DateTime at) => (at - DateTime.UnixEpoch).Ticks * 100;

    private static byte[] Delimited(IMessage body)
    {
        var length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, body.CalculateSize());
        return [.. length, .. body.ToByteArray()];
    }

    private static ExportMetricsServiceRequest Total(long start, long time, long value)
    {
        var point = new NumberDataPoint { AsInt = value, StartTimeUnixNano = (ulong)start, TimeUnixNano = (ulong)time };
        var sum = new Sum { AggregationTemporality = AggregationTemporality.TemporalityCumulative, IsMonotonic = true, DataPoints = { point } };
        return new ExportMetricsServiceRequest
        {
            ResourceMetrics =
            {
                new ResourceMetrics
                {
                    Resource = new Resource { Attributes = { SpanBodies.Text("service.name", "shop") } },
                    ScopeMetrics = { new ScopeMetrics { Metrics = { new Metric { Name = Metric, Sum = sum } } } },
                },
            },
        };
    }

    // Half-way between quarters of an hour, where windows begin.
    private List<long> Times()
    {
        var quarter = TimeSpan.FromMinutes(15).Ticks;
        var newest = Nanos(new DateTime(((now.Ticks - (quarter / 2)) / quarter * quarter) + (quarter / 2), DateTimeKind.Utc));
        return [.. Enumerable.Range(0, Days * BodiesPerDay).Select(i => newest - (((Days * BodiesPerDay) - 1 - i) * Step))];
    }

    /// <summary>A file of spans for every ten days, compressed, and one of a running total; the newest of all is a quarter of an hour old at most.</summary>
    private string[] Month()
    {
        var spans = new SpanBodies(series: 40);
        var times = Times();
        var ofTraces = times.Chunk(10 * BodiesPerDay)
            .Select((chunk, i) => Write($"shop-{i}.traces.pb.gz", Gzip([.. chunk.SelectMany(t => Delimited(spans.Message(SpansPerBody, t)))])));
        var ofTotals = times.SelectMany((t, i) => Delimited(Total(times[0] - Step, t, 3 * (i + 1))));
        return [.. ofTraces, Write("metrics.pb", [.. ofTotals])];
    }

    private string Write(string name, byte[] content)
    {
        var path = Path.Combine(folder.Root, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    private static byte[] Gzip(byte[] content)
    {
        using var into = new MemoryStream();
        using (var gzip = new GZipStream(into, CompressionLevel.Fastest))
        {
            gzip.Write(content);
        }

        return into.ToArray();
    }

    private string[] Arguments(string[] files) => ["import", "--data", folder.Data, "--alerts", folder.Alerts, .. files];

    private async Task<string> ImportAsync(int exitCode, params string[] files)
    {
        using var process = KpiProcess.Start(folder.Root, Arguments(files));
        await process.WaitForExitAsync(ImportTime);
        output.WriteLine(process.Output);
        Assert.True(process.ExitCode == exitCode, $"exit code {process.ExitCode}:\n{process.Output}");
        Assert.DoesNotContain("   at ", process.Output, StringComparison.Ordinal);
        return process.Output;
    }
}
