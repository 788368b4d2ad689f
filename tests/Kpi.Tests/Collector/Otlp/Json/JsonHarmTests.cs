using System.Text;
using System.Text.Json;
using Kpi.Collector.Otlp;
using Kpi.Rollups.Intake;
using Kpi.Witness;

namespace Kpi.Tests.Collector.Otlp.Json;

/// <summary>JSON of every kind and bodies that came to harm: taken or refused, and nothing else.</summary>
public sealed class JsonHarmTests
{
    private static readonly OtlpSignal[] Signals = [OtlpSignal.Traces, OtlpSignal.Metrics, OtlpSignal.Logs];

    // As the value of a field that nobody knows, JSON of any form is as good as where it stands.
    [Fact]
    public void JSONTestSuite_what_must_be_accepted_is_skipped_and_what_must_not_is_refused()
    {
        var names = WireFiles.Names(WireFiles.AnyJson, "*.json").ToList();
        Assert.Equal((95, 186, 35), (Count('y'), Count('n'), Count('i')));
        foreach (var name in names)
        {
            var json = WireFiles.Read(name, WireFiles.AnyJson);
            var wrapped = Transcoding.Run([.. "{\"unknown\":"u8, .. json, .. "}"u8], OtlpSignal.Traces).Refused;
            var bare = Transcoding.Run(json, OtlpSignal.Traces).Refused;
            Assert.True(name[0] == 'i' || wrapped == (name[0] == 'y' ? null : RejectReason.Malformed), $"{name}: {wrapped}");
            Assert.True(name[0] != 'n' || bare == RejectReason.Malformed, name);
        }

        int Count(char kind) => names.Count(n => n[0] == kind);
    }

    // Witness: System.Text.Json's own reading of strings and numbers.
    [Fact]
    public void JSONTestSuite_strings_and_numbers_mean_what_they_mean_to_others()
    {
        var (strings, numbers) = (0, 0);
        foreach (var name in WireFiles.Names(WireFiles.AnyJson, "y_*.json"))
        {
            using var document = JsonDocument.Parse(WireFiles.Read(name, WireFiles.AnyJson));
            if (document.RootElement.ValueKind != JsonValueKind.Array || document.RootElement.GetArrayLength() != 1)
            {
                continue;
            }

            var value = document.RootElement[0];
            if (value.ValueKind == JsonValueKind.String)
            {
                strings++;
                Assert.Equal(value.GetString(), Body($"{{\"stringValue\":{value.GetRawText()}}}").StringValue);
            }
            else if (value.ValueKind == JsonValueKind.Number)
            {
                numbers++;
                Assert.Equal(value.GetDouble(), Body($"{{\"doubleValue\":{value.GetRawText()}}}").DoubleValue);
            }
        }

        Assert.InRange(strings, 30, 60);
        Assert.InRange(numbers, 15, 30);
    }

    [Theory]
    [InlineData("[")]
    [InlineData("[{\"\":")]
    [InlineData("{\"resourceSpans\":[")]
    public void Openings_without_end_are_refused(string opening) =>
        Assert.Equal(RejectReason.Malformed, Transcoding.Run(string.Concat(Enumerable.Repeat(opening, 100_000)), OtlpSignal.Traces).Refused);

    [Fact]
    public void Every_beginning_of_a_body_is_refused()
    {
        foreach (var (json, signal) in Bodies())
        {
            // What may follow the last brace is white space.
            var end = json.AsSpan().LastIndexOf((byte)'}') + 1;
            for (var length = 0; length < end; length++)
            {
                Assert.Equal(RejectReason.Malformed, Transcoding.Run(json.AsSpan(0, length), signal).Refused);
            }

            Assert.Null(Transcoding.Run(json, signal).Refused);
        }
    }

    [Fact]
    public void Bodies_that_came_to_harm_are_refused_or_become_sound_protobuf()
    {
        using var points = new MetricBed();
        using var spans = new DecoderBed();
        foreach (var (json, signal) in Bodies())
        {
            WireHarm.Harm([json], body => Check(body, signal, spans, points), rounds: 15_000, seed: 20261122);
        }
    }

    [Fact]
    public void Random_bytes_are_refused_or_become_sound_protobuf()
    {
        var random = new Random(7);
        var alphabet = "{}[]\":,0123456789eE+-.\\unltrefasbdk \u00ff"u8.ToArray();
        for (var round = 0; round < 50_000; round++)
        {
            var body = new byte[random.Next(64)];
            for (var i = 0; i < body.Length; i++)
            {
                body[i] = alphabet[random.Next(alphabet.Length)];
            }

            Transcoding.Run(body, Signals[round % 3]);
            random.NextBytes(body);
            Transcoding.Run(body, Signals[round % 3]);
        }
    }

    private static bool Check(byte[] body, OtlpSignal signal, DecoderBed spans, MetricBed points)
    {
        var result = Transcoding.Run(body, signal);
        if (result.Refused is { } reason)
        {
            Assert.Equal(RejectReason.Malformed, reason);
            return false;
        }

        var sound = signal == OtlpSignal.Traces ? spans.TryDecode(result.Message, TestSpans.Receipt, out _, out _)
            : signal != OtlpSignal.Metrics || points.TryDecode(result.Message, out _);
        Assert.True(sound, Encoding.Latin1.GetString(body));
        return true;
    }

    private static AnyValue Body(string value) => ExportLogsServiceRequest.Parser
        .Read($"{{\"resourceLogs\":[{{\"scopeLogs\":[{{\"logRecords\":[{{\"body\":{value}}}]}}]}}]}}", OtlpSignal.Logs).ResourceLogs[0].ScopeLogs[0].LogRecords[0].Body;

    private static IEnumerable<(byte[] Json, OtlpSignal Signal)> Bodies() =>
    [
        (WireFiles.Read("trace.json", WireFiles.Json), OtlpSignal.Traces),
        (WireFiles.Read("metrics.json", WireFiles.Json), OtlpSignal.Metrics),
        (WireFiles.Read("logs.json", WireFiles.Json), OtlpSignal.Logs),
        (WireFiles.Read("exphist.json", WireFiles.JsonEdge), OtlpSignal.Metrics),
        (WireFiles.Read("log-body-any.json", WireFiles.JsonEdge), OtlpSignal.Logs),
        (WireFiles.Read("trace-escapes.json", WireFiles.JsonEdge), OtlpSignal.Traces),
    ];
}
