using System.Buffers.Binary;

namespace Kpi.Collector.Spans;

/// <summary>Builds the byte string by which the cache knows a series; the caller gives the room, <see cref="MostBytes"/>.</summary>
internal ref struct KeyBuffer(Span<byte> room)
{
    /// <summary>Head, and each slot at its longest behind two bytes of length.</summary>
    public const int MostBytes = 16 + (SpanFacts.SlotCount * (2 + SpanLimits.MostLabelBytes));

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
}
