using Kpi.Collector.Admission;
using Kpi.Collector.Protobuf;
using Kpi.Rollups.Intake;
using Kpi.Rollups.Time;

namespace Kpi.Collector.Otlp;

/// <summary>Says of a request who sent it, for the book of senders.</summary>
internal static class SenderFacts
{
    /// <summary>A body that was read.</summary>
    public static HeardBody HeardAs(this in ReceivedBody body, OtlpSignal signal, UnixNanos receipt) => new()
    {
        Peer = WithoutPort(body.Peer.Text.Span),
        Service = FirstService(body.Inflated.Span),
        Signal = signal.Kind,
        Receipt = receipt.Value,
        SentBytes = body.AsReceived.Length,
        InflatedBytes = body.Inflated.Length,
    };

    /// <summary>A request whose body was not read, or not understood as bytes.</summary>
    public static HeardBody HeardAs(this Peer peer, UnixNanos receipt) => new() { Peer = WithoutPort(peer.Text.Span), Receipt = receipt.Value };

    /// <summary>
    /// <c>service.name</c> of the first resource; empty when it has none. A few hops over a sound body, and some of them over one that is not.
    /// </summary>
    public static ReadOnlySpan<byte> FirstService(ReadOnlySpan<byte> body)
    {
        var resources = FirstMessage(body, OtlpTags.Envelope.Resources);
        var attribute = default(OtlpAttribute);
        var utf8 = true;
        var reader = new ProtoReader(FirstMessage(resources, OtlpTags.Envelope.Resource));
        while (reader.TryReadTag(out var tag))
        {
            if (tag != OtlpTags.Resource.Attributes)
            {
                reader.Skip(tag);
            }
            else if (AttributeReader.TryRead(reader.ReadBytes(), ref attribute, ref utf8)
                && attribute.Kind == AttributeKind.String && attribute.Key.SequenceEqual("service.name"u8))
            {
                return attribute.Text;
            }
        }

        return default;
    }

    private static ReadOnlySpan<byte> FirstMessage(ReadOnlySpan<byte> message, uint wanted)
    {
        var reader = new ProtoReader(message);
        while (reader.TryReadTag(out var tag))
        {
            if (tag == wanted)
            {
                return reader.ReadBytes();
            }

            reader.Skip(tag);
        }

        return default;
    }

    // The port is what stands behind the last colon; it is another with each connection.
    private static ReadOnlySpan<byte> WithoutPort(ReadOnlySpan<byte> peer)
    {
        var colon = peer.LastIndexOf((byte)':');
        return colon < 0 ? peer : peer[..colon];
    }
}
