using System.Buffers;
using System.Buffers.Binary;

namespace Kpi.Rollups.Store.Blocks;

/// <summary>Writes the primitives of a block; grows as needed, cleared for the next block.</summary>
internal sealed class ByteSink
{
    private readonly ArrayBufferWriter<byte> buffer = new(16 * 1024);

    public ReadOnlySpan<byte> Written => buffer.WrittenSpan;

    public void Clear() => buffer.ResetWrittenCount();

    public void Byte(byte value)
    {
        buffer.GetSpan(1)[0] = value;
        buffer.Advance(1);
    }

    /// <summary>Seven bits a byte, lowest first, as protobuf writes them.</summary>
    public void Varint(ulong value)
    {
        var span = buffer.GetSpan(10);
        var length = 0;
        while (value >= 0x80)
        {
            span[length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        span[length++] = (byte)value;
        buffer.Advance(length);
    }

    /// <summary>Small numbers of either sign stay small: 0, −1, 1, −2 … become 0, 1, 2, 3 …</summary>
    public void Zigzag(long value) => Varint((ulong)((value << 1) ^ (value >> 63)));

    public void Int128(Int128 value)
    {
        BinaryPrimitives.WriteInt128LittleEndian(buffer.GetSpan(16), value);
        buffer.Advance(16);
    }

    public void Double(double value)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(buffer.GetSpan(8), value);
        buffer.Advance(8);
    }
}
