using System.Diagnostics;
using Google.Protobuf;
using Kpi.Testing;
using Kpi.Witness;

namespace Kpi.Tests.Collector.Otlp.Traces;

/// <summary>
/// Bodies that came to harm. Ours and Google's decoder agree on which are malformed, but for one thing: Google's C# decoder reads
/// tags and lengths of more than 32 bits by their low 32 bits; ours refuses them, as the official C++ decoder does.
/// </summary>
public sealed class TraceDecoderFuzzTests : IDisposable
{
    private readonly DecoderBed bed = new();

    public void Dispose() => bed.Dispose();

    [Fact]
    public void Every_beginning_of_a_body_is_taken_or_refused_as_the_official_decoder_does()
    {
        WireHarm.Truncate([.. Bodies()], Check);
    }

    [Fact]
    public void Bodies_with_flipped_bits_and_changed_bytes_are_taken_or_refused_as_the_official_decoder_does()
    {
        var started = Stopwatch.GetTimestamp();
        WireHarm.Harm([.. Bodies()], Check, rounds: 100_000, seed: 20260201);
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(60));
    }

    [Fact]
    public void Random_bytes_are_taken_or_refused_as_the_official_decoder_does()
    {
        var random = new Random(20260202);
        for (var round = 0; round < 20_000; round++)
        {
            var body = new byte[random.Next(40)];
            random.NextBytes(body);
            if (body.Length > 2 && round % 2 == 0)
            {
                body[0] = 0x0A;
                body[1] = (byte)(body.Length - 2);
            }

            Check(body);
        }
    }

    [Fact]
    public void Tags_and_lengths_over_32_bits_are_refused_by_us_alone()
    {
        foreach (var body in new byte[][]
        {
            [.. WireBytes.Overlong((1UL << 32) | (1000 << 3), 6), 1],
            [.. WireBytes.Varint((1000 << 3) | 2), .. WireBytes.Overlong((1UL << 32) | 1, 6), 1],
        })
        {
            Assert.Equal(0, OfficialDecoder.Spans(body));
            Assert.False(Check(body));
        }
    }

    private static IEnumerable<byte[]> Bodies()
    {
        // Few bytes over 0x7F, so that long varints come from the harm alone.
        var rich = TestSpans.Get();
        rich.TraceState = "ot=th:8";
        rich.Attributes.Add(new KeyValue { Key = "list", Value = new AnyValue { ArrayValue = new ArrayValue { Values = { new AnyValue { DoubleValue = 1 }, new AnyValue() } } } });
        rich.Attributes.Add(new KeyValue { Key = "map", Value = new AnyValue { KvlistValue = new KeyValueList { Values = { TestSpans.Attribute("a=b") } } } });
        rich.Events.Add(new Span.Types.Event { Name = "e", TimeUnixNano = 5, Attributes = { TestSpans.Attribute("k:1") } });
        rich.Links.Add(new Span.Types.Link { TraceId = rich.TraceId, SpanId = rich.SpanId, Attributes = { TestSpans.Attribute("k=v") } });
        rich.Status = new SpanStatus { Code = StatusCode.Error, Message = "no" };
        yield return TestSpans.Request(rich, TestSpans.Get()).ToByteArray();
        yield return new SpanBodies(10).Make(2, (long)TestSpans.End);
        yield return WireFiles.Read("example-trace.pb");
        yield return WireFiles.Read("trace-unknown-fields.pb");
        yield return WireFiles.Read("trace-resource-last.pb");
    }

    private bool Check(byte[] body)
    {
        var before = bed.Catalog.Count;
        var taken = bed.TryDecode(body, TestSpans.Receipt, out var tally, out var samples);
        var official = OfficialDecoder.Spans(body);
        if (taken)
        {
            Assert.True(official == tally.Items, $"{official} spans, ours {tally.Items}: {Convert.ToHexString(body)}");
            Assert.True(tally.Rejected + samples.Length <= tally.Items);
        }
        else
        {
            Assert.True(samples.IsEmpty && bed.Catalog.Count == before);
            Assert.True(official is null || WireHarm.HasLongVarint(body), $"refused by us alone: {Convert.ToHexString(body)}");
        }

        return taken;
    }
}
