using System.Buffers.Binary;

namespace Kpi.Collector.Lookup;

/// <summary>Builds the byte string by which the cache knows a series; the caller gives the room, <see cref="MostBytes"/>.</summary>
internal ref struct KeyBuffer(Span<byte> room)
{
    /// <summary>Room for all labels of a span at their longest (19 of 258 bytes), and for the attributes of any usual data point.</summary>
    public const int MostBytes = 8 << 10;

    private readonly Span<byte> room = room;
    private int length;

    public readonly ReadOnlySpan<byte> Written => room[..length];

    public void Number(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(room[length..], value);
        length += sizeof(int);
    }

    public void Text(scoped ReadOnlySpan<byte> text)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(room[length..], (ushort)text.Length);
        text.CopyTo(room[(length + sizeof(ushort))..]);
        length += sizeof(ushort) + text.Length;
    }

    /// <summary>Adds a number; false when the room does not take it.</summary>
    public bool TryNumber(long value)
    {
        if (room.Length - length < sizeof(long))
        {
            return false;
        }

        BinaryPrimitives.WriteInt64LittleEndian(room[length..], value);
        length += sizeof(long);
        return true;
    }

    /// <summary>Adds a text of any length; false when the room does not take it.</summary>
    public bool TryText(scoped ReadOnlySpan<byte> text)
    {
        if (room.Length - length < sizeof(ushort) + text.Length)
        {
            return false;
        }

        Text(text);
        return true;
    }
}
