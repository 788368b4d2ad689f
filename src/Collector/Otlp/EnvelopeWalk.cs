using Kpi.Collector.Lookup;
using Kpi.Collector.Protobuf;

namespace Kpi.Collector.Otlp;

/// <summary>
/// Walks what is the same in every signal: a request of resources of scopes of items. Compiled for each walk apart, so that there
/// is no call between them.
/// </summary>
internal static class EnvelopeWalk
{
    /// <summary>False when the body is malformed.</summary>
    public static bool TryRun<T>(ReadOnlySpan<byte> body, scoped ref T items)
        where T : struct, IItemWalk, allows ref struct
    {
        var reader = new ProtoReader(body);
        while (reader.TryReadTag(out var tag))
        {
            if (tag != OtlpTags.Envelope.Resources)
            {
                reader.Skip(tag);
            }
            else if (!TryWalkResource(reader.ReadBytes(), ref items))
            {
                return false;
            }
        }

        return !reader.Failed;
    }

    // The resource may come behind the items, or twice (then both count as one), so it is looked for first, in hops over the rest.
    private static bool TryWalkResource<T>(ReadOnlySpan<byte> message, scoped ref T items)
        where T : struct, IItemWalk, allows ref struct
    {
        var facts = new ResourceFacts { IsUtf8 = true };
        var reader = new ProtoReader(message);
        while (reader.TryReadTag(out var tag))
        {
            switch (tag)
            {
                case OtlpTags.Envelope.Resource:
                    if (!ResourceReader.TryRead(reader.ReadBytes(), ref facts))
                    {
                        return false;
                    }

                    break;
                case OtlpTags.Envelope.SchemaUrl:
                    facts.IsUtf8 &= Utf8Text.IsValid(reader.ReadBytes());
                    break;
                default:
                    reader.Skip(tag);
                    break;
            }
        }

        if (reader.Failed)
        {
            return false;
        }

        var utf8 = items.EnterResource(in facts) && facts.IsUtf8;
        reader = new ProtoReader(message);
        while (reader.TryReadTag(out var tag))
        {
            if (tag != OtlpTags.Envelope.Scopes)
            {
                reader.Skip(tag);
            }
            else if (!TryWalkScope(reader.ReadBytes(), utf8, ref items))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryWalkScope<T>(ReadOnlySpan<byte> message, bool utf8, scoped ref T items)
        where T : struct, IItemWalk, allows ref struct
    {
        ReadOnlySpan<byte> name = default;
        var reader = new ProtoReader(message);
        while (reader.TryReadTag(out var tag))
        {
            switch (tag)
            {
                case OtlpTags.Envelope.Scope:
                    if (!PartReader.TryReadScope(reader.ReadBytes(), ref name, ref utf8))
                    {
                        return false;
                    }

                    break;
                case OtlpTags.Envelope.SchemaUrl:
                    utf8 &= Utf8Text.IsValid(reader.ReadBytes());
                    break;
                default:
                    reader.Skip(tag);
                    break;
            }
        }

        if (reader.Failed)
        {
            return false;
        }

        items.EnterScope(name);
        reader = new ProtoReader(message);
        while (reader.TryReadTag(out var tag))
        {
            if (tag != OtlpTags.Envelope.Items)
            {
                reader.Skip(tag);
            }
            else if (!items.TryTake(reader.ReadBytes(), utf8))
            {
                return false;
            }
        }

        return true;
    }
}
