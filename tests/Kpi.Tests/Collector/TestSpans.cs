using System.Globalization;
using Google.Protobuf;
using Kpi.Rollups.Time;
using Kpi.Witness;

namespace Kpi.Tests.Collector;

/// <summary>Spans written short: attributes as <c>name=text</c> or <c>name:number</c>.</summary>
internal static class TestSpans
{
    /// <summary>When the requests are received.</summary>
    public static readonly UnixNanos Receipt = new(1_790_000_000_000_000_000);

    /// <summary>A second before the receipt.</summary>
    public const ulong End = 1_789_999_999_000_000_000;

    public const ulong Duration = 25_000_000;

    /// <summary>What stands in a message where bytes shall be that are not UTF-8, see <see cref="Spoil"/>.</summary>
    public const string Spoiled = "@@@@";

    public static Span Of(SpanKind kind, params string[] attributes)
    {
        var span = new Span
        {
            TraceId = ByteString.CopyFrom([.. Enumerable.Range(1, 16).Select(i => (byte)i)]),
            SpanId = ByteString.CopyFrom(1, 2, 3, 4, 5, 6, 7, 8),
            Name = "span",
            Kind = kind,
            StartTimeUnixNano = End - Duration,
            EndTimeUnixNano = End,
        };
        span.Attributes.Add(attributes.Select(Attribute));
        return span;
    }

    public static Span Get(string route = "/a") => Of(SpanKind.Server, "http.request.method=GET", "http.route=" + route, "http.response.status_code:200");

    public static ExportTraceServiceRequest Request(params Span[] spans) => new() { ResourceSpans = { From("shop", spans) } };

    public static ResourceSpans From(string service, params Span[] spans) => new()
    {
        Resource = new Resource { Attributes = { Attribute("service.name=" + service) } },
        ScopeSpans = { new ScopeSpans { Spans = { spans } } },
    };

    public static KeyValue Attribute(string notation)
    {
        var at = notation.AsSpan().IndexOfAny('=', ':');
        var value = notation[(at + 1)..];
        return new KeyValue
        {
            Key = notation[..at],
            Value = notation[at] == '='
                ? new AnyValue { StringValue = value }
                : new AnyValue { IntValue = long.Parse(value, CultureInfo.InvariantCulture) },
        };
    }

    /// <summary>The message's bytes, with rubbish wherever it says <see cref="Spoiled"/>.</summary>
    public static byte[] Spoil(IMessage message)
    {
        var bytes = message.ToByteArray();
        while (bytes.AsSpan().IndexOf("@@@@"u8) is var at and >= 0)
        {
            ReadOnlySpan<byte> rubbish = [0xC3, 0x28, 0xFF, 0x80];
            rubbish.CopyTo(bytes.AsSpan(at));
        }

        return bytes;
    }
}
