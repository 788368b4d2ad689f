using System.Globalization;
using System.Text;
using Kpi.Collector.Import;
using Kpi.Rollups.Intake;
using Kpi.Tests.Collector.Otlp.Json;

namespace Kpi.Tests.Collector.Import;

/// <summary>Lines of JSON, as the OpenTelemetry Collector's file exporter writes them.</summary>
public sealed class JsonImportTests : IDisposable
{
    private const int Most = 100_000;

    private static readonly string[] Lines = [.. Enumerable.Range(1, 5).Select(i => Transcoding.Format(TestSpans.Request([.. Enumerable.Range(0, i).Select(n => TestSpans.Get("/" + n))])))];

    private readonly ImportFolder folder = new();
    private readonly ImportBed bed;

    public JsonImportTests() => bed = new ImportBed(folder);

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("\n", "\n")]
    [InlineData("\n", "")]
    [InlineData("\r\n", "\r\n")]
    [InlineData("\n\n \n", " \n \n")]
    public void Each_line_is_a_body_and_blank_ones_are_none(string between, string end)
    {
        Assert.Equal(Lines, Read(string.Join(between, Lines) + end));
        Assert.Equal(Lines, Read("\uFEFF" + string.Join(between, Lines) + end).Select(l => l.Trim('\uFEFF')));
    }

    [Fact]
    public void Lines_are_the_same_however_the_content_is_cut_into_reads()
    {
        var content = Encoding.UTF8.GetBytes(string.Join('\n', Lines));
        for (var piece = 1; piece < 300; piece++)
        {
            var lines = new LineReader(new SmallReads(content, piece), [], Most);
            foreach (var line in Lines)
            {
                Assert.True(lines.TryRead(out var body));
                Assert.Equal(line, Encoding.UTF8.GetString(body.Span).TrimEnd());
            }

            Assert.False(lines.TryRead(out _));
            Assert.Equal((content.Length, 5), (lines.Position, lines.Line));
        }
    }

    [Fact]
    public void A_body_written_over_many_lines_is_one()
    {
        var pretty = Encoding.UTF8.GetString(WireFiles.Read("trace.json", WireFiles.Json));
        Assert.Equal([pretty], Read(pretty));
        Assert.Equal(["{ \"a\":", Lines[0]], Read("{ \"a\":\n" + Lines[0]));
    }

    [Fact]
    public void A_line_may_be_as_long_as_the_limit_and_no_longer()
    {
        Assert.Equal(2, Read(Filled(Most) + "\n" + Filled(Most)).Count);
        var refused = Assert.Throws<InvalidDataException>(() => Read(Lines[0] + "\n" + Filled(Most + 1) + "\n"));
        Assert.Contains("line 2 has more than 100000 bytes", refused.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => Read(Filled(Most * 3)));

        static string Filled(int length) => "{\"x\":\"" + new string('x', length - 8) + "\"}";
    }

    [Fact]
    public async Task Lines_of_JSON_count_as_the_same_bodies_in_protobuf_do_also_by_gzip()
    {
        using var elsewhere = new ImportFolder();
        var protobuf = new ImportBed(elsewhere);
        await protobuf.RunAsync([protobuf.File("traces", TelemetrySignal.Traces, Enumerable.Range(1, 5).Select(i => TestSpans.Request([.. Enumerable.Range(0, i).Select(n => TestSpans.Get("/" + n))])).Select(Google.Protobuf.MessageExtensions.ToByteArray))]);

        var content = ImportFolder.Gzip(Encoding.UTF8.GetBytes(string.Join('\n', Lines)));
        var file = new ImportFile(folder.Write("shop.gz", content), TelemetrySignal.Traces);
        var summary = await bed.RunAsync([file]);

        Assert.Equal((5, 15), (summary.Bodies, summary.Intake.Accepted));
        Assert.Equal((await protobuf.ReadAsync()).Describe(), (await bed.ReadAsync()).Describe());
        Assert.True((await bed.RunAsync([file])).WasThere);
    }

    [Fact]
    public async Task A_bad_line_is_left_out_counted_and_located_and_the_others_count()
    {
        var path = folder.Write("traces", Encoding.UTF8.GetBytes($"{Lines[0]}\n{{\"resourceSpans\":5}}\n\n{Lines[1]}\n{Lines[2][..^1]}"));
        var summary = await bed.RunAsync([new ImportFile(path, TelemetrySignal.Traces)]);

        Assert.Equal((2, 3), (summary.Intake[RejectReason.Malformed], summary.Intake.Accepted));
        Assert.Equal(
            [$"{path}: line 2: \"resourceSpans\" has a value that it cannot have, at byte 17", $"{path}: line 5: not JSON, at byte {Lines[2].Length - 1}"],
            summary.Malformed);
        Assert.Equal(3, (await bed.ReadAsync()).Distributions.Sum(d => d.Value.Count));
    }

    [Fact]
    public async Task Lines_of_all_signals_in_one_file_go_each_its_way()
    {
        var time = TestSpans.End.ToString(CultureInfo.InvariantCulture);
        var log = $$$"""{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"timeUnixNano":"{{{time}}}"}]}]}]}""";
        var point = $$$"""{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":"m","sum":{"aggregationTemporality":1,"isMonotonic":true,"dataPoints":[{"timeUnixNano":"{{{time}}}","asInt":"7"}]}}]}]}]}""";
        var path = folder.Write("telemetry.json", Encoding.UTF8.GetBytes($"{log}\n{Lines[0]}\n{{}}\n{point}\n"));
        Assert.Equal(TelemetrySignal.Logs, ImportFile.SignalWithin(path));

        var summary = await bed.RunAsync([new ImportFile(path, TelemetrySignal.Logs)]);

        Assert.Equal([1L, 1, 1], Enum.GetValues<TelemetrySignal>().Select(summary.Intake.AcceptedOf));
        Assert.Equal([1.0, 7.0], (await bed.ReadAsync()).Counters.Select(c => c.Value.Increase.ToDouble()).Order());
    }

    [Theory]
    [InlineData("{\"resourceSpans\":[]}", "Traces")]
    [InlineData("{\"x\":{\"resourceLogs\":1},\"resourceMetrics\":[", "Metrics")]
    [InlineData(" {\"resourceLogs\":[]}\n{\"resourceSpans\":[]}", "Logs")]
    [InlineData("{}", null)]
    [InlineData("{\"x\"", null)]
    [InlineData("[]", null)]
    [InlineData("\0", null)]
    [InlineData("", null)]
    public void JSON_tells_its_signal_itself(string content, string? signal) =>
        Assert.Equal(signal, ImportFile.SignalWithin(folder.Write("f", Encoding.UTF8.GetBytes(content)))?.ToString());

    private List<string> Read(string content)
    {
        using var file = BodyFile.Open(folder.Write("f", Encoding.UTF8.GetBytes(content)), Most);
        var read = new List<string>();
        while (file.TryRead(out var body))
        {
            read.Add(Encoding.UTF8.GetString(body.Span).TrimEnd('\n', '\r', ' '));
        }

        return read;
    }

    private sealed class SmallReads(byte[] content, int most) : MemoryStream(content)
    {
        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, most)]);
    }
}
