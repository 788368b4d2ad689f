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
        var value = Varint();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

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
