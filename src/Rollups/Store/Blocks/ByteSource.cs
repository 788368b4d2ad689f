using System.Buffers.Binary;

namespace Kpi.Rollups.Store.Blocks;

/// <summary>Reads the primitives of a block. A block that ends early or makes no sense throws <see cref="InvalidDataException"/>.</summary>
internal ref struct ByteSource(ReadOnlySpan<byte> block)
{
    private ReadOnlySpan<byte> rest = block;

    /// <summary>Throws when something is left: a block is read whole.</summary>
    public readonly void ExpectEnd()
    {
        if (!rest.IsEmpty)
        {
            throw new InvalidDataException($"{rest.Length} bytes behind the last cell");
        }
    }

    public byte Byte() => Take(1)[0];

    public ulong Varint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Byte();
            if (shift == 63 && next > 1)
            {
                break;
            }

            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new InvalidDataException("a number of more than 64 bits");
    }

    public long Zigzag()
    {
        return FromZigzag(Varint());
    }

    /// <summary>The number that a varint stands for.</summary>
    public static long FromZigzag(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);

    /// <summary>A count of events: below 2⁶³.</summary>
    public long Count()
    {
        var value = Varint();
        return value <= long.MaxValue ? (long)value : throw new InvalidDataException($"a count of {value}");
    }

    /// <summary>A count or position that must stay under a bound.</summary>
    public int Bounded(int bound)
    {
        var value = Varint();
        return value <= (ulong)bound ? (int)value : throw new InvalidDataException($"{value} is more than {bound}");
    }

    /// <summary>A number of at most 128 bits.</summary>
    public UInt128 LongVarint()
    {
        UInt128 value = 0;
        for (var shift = 0; shift < 128; shift += 7)
        {
            var next = Byte();
            if (shift == 126 && next > 3)
            {
                break;
            }

            value |= (UInt128)(next & 0x7Fu) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new InvalidDataException("a number of more than 128 bits");
    }

    public Int128 LongZigzag()
    {
        var value = LongVarint();
        return (Int128)(value >> 1) ^ -(Int128)(value & 1);
    }

    /// <summary>How much is left.</summary>
    public readonly int Left => rest.Length;

    public ReadOnlySpan<byte> Bytes(int length) => Take(length);

    public Int128 Int128() => BinaryPrimitives.ReadInt128LittleEndian(Take(16));

    public double Double() => BinaryPrimitives.ReadDoubleLittleEndian(Take(8));

    private ReadOnlySpan<byte> Take(int length)
    {
        if (rest.Length < length)
        {
            throw new InvalidDataException("the block ends early");
        }

        var taken = rest[..length];
        rest = rest[length..];
        return taken;
    }
}
