using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;

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
    public void Zigzag(long value) => Varint(ToZigzag(value));

    /// <summary>What <see cref="Zigzag"/> writes.</summary>
    public static ulong ToZigzag(long value) => (ulong)((value << 1) ^ (value >> 63));

    /// <summary>As <see cref="Varint"/>, for up to 128 bits.</summary>
    public void LongVarint(UInt128 value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            Byte((byte)((byte)value | 0x80));
        }

        Byte((byte)value);
    }

    /// <summary>As <see cref="Zigzag"/>, for up to 128 bits.</summary>
    public void LongZigzag(Int128 value) => LongVarint((UInt128)((value << 1) ^ (value >> 127)));

    public void Bytes(ReadOnlySpan<byte> bytes) => buffer.Write(bytes);

    /// <summary>Bytes that <see cref="Varint"/> takes.</summary>
    public static int VarintBytes(ulong value) => (70 - BitOperations.LeadingZeroCount(value | 1)) / 7;

    /// <summary>Bytes that <see cref="Zigzag"/> takes.</summary>
    public static int ZigzagBytes(long value) => VarintBytes(ToZigzag(value));

    public void Double(double value)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(buffer.GetSpan(8), value);
        buffer.Advance(8);
    }
}
