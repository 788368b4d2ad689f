using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Kpi.Collector.Protobuf;

/// <summary>
/// Reads protobuf wire format from one contiguous span; copies and allocates nothing. It never throws: the first thing that is
/// not well-formed sets <see cref="Failed"/>, moves to the end, and every later read gives zero or empty. Callers loop on
/// <see cref="TryReadTag"/> and look at <see cref="Failed"/> once behind the loop.
/// </summary>
/// <remarks>Source: protobuf.dev, "Encoding"; limits as libprotoc's (varint of at most 10 bytes, field numbers 1 to 2²⁹−1, groups to depth 100).</remarks>
internal ref struct ProtoReader(ReadOnlySpan<byte> message)
{
    public const int MostDepth = 100;

    private readonly ReadOnlySpan<byte> message = message;
    private int position;

    public bool Failed { get; private set; }

    public readonly bool AtEnd => position >= message.Length;

    /// <summary>Reads the next tag, <c>number &lt;&lt; 3 | wire type</c>; false at the end of the message or when it failed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadTag(out uint tag)
    {
        var at = position;
        if ((uint)at < (uint)message.Length)
        {
            uint first = message[at];
            if (first is >= 8 and < 0x80)
            {
                position = at + 1;
                tag = first;
                return true;
            }

            return TryReadLongTag(out tag);
        }

        tag = 0;
        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong ReadVarint()
    {
        var at = position;
        if ((uint)at < (uint)message.Length && message[at] < 0x80)
        {
            position = at + 1;
            return message[at];
        }

        return ReadLongVarint();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong ReadFixed64()
    {
        var at = position;
        if (message.Length - at < sizeof(ulong))
        {
            Fail();
            return 0;
        }

        position = at + sizeof(ulong);
        return BinaryPrimitives.ReadUInt64LittleEndian(message[at..]);
    }

    /// <summary>Reads a length and the bytes behind it. A length past the end fails; nothing is sized by it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> ReadBytes()
    {
        var length = ReadVarint();
        var at = position;
        if (length > (ulong)(message.Length - at))
        {
            Fail();
            return default;
        }

        position = at + (int)length;
        return message.Slice(at, (int)length);
    }

    /// <summary>Steps over the value of a field that nobody wants: unknown, or known by another wire type.</summary>
    public void Skip(uint tag) => Skip(tag, MostDepth);

    public void Fail()
    {
        Failed = true;
        position = message.Length;
    }

    private void Skip(uint tag, int depthLeft)
    {
        switch (tag & 7)
        {
            case WireType.Varint:
                ReadVarint();
                break;
            case WireType.Fixed64:
                Advance(sizeof(ulong));
                break;
            case WireType.Bytes:
                ReadBytes();
                break;
            case WireType.StartGroup when depthLeft > 0:
                SkipGroup(tag, depthLeft - 1);
                break;
            case WireType.Fixed32:
                Advance(sizeof(uint));
                break;
            default:
                Fail();
                break;
        }
    }

    private void SkipGroup(uint start, int depthLeft)
    {
        while (TryReadTag(out var tag))
        {
            if ((tag & 7) == WireType.EndGroup)
            {
                if (tag >> 3 != start >> 3)
                {
                    Fail();
                }

                return;
            }

            Skip(tag, depthLeft);
        }

        // The end of the message before the end of the group.
        Fail();
    }

    private void Advance(int bytes)
    {
        if (message.Length - position < bytes)
        {
            Fail();
            return;
        }

        position += bytes;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryReadLongTag(out uint tag)
    {
        var value = ReadVarint();
        tag = (uint)value;

        // Field number 0 does not exist, and numbers end at 2^29 - 1, so a tag fits into 32 bits.
        if (Failed || value > uint.MaxValue || tag >> 3 == 0)
        {
            Fail();
            return false;
        }

        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ulong ReadLongVarint()
    {
        // Two bytes: the length of nearly every span.
        var at = position;
        if (at + 1 < message.Length && message[at + 1] < 0x80)
        {
            position = at + 2;
            return (message[at] & 0x7Fu) | ((ulong)message[at + 1] << 7);
        }

        ulong value = 0;
        for (var shift = 0; shift < 70 && position < message.Length; shift += 7)
        {
            var next = message[position++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        Fail();
        return 0;
    }
}
