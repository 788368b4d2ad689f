using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Kpi.Rollups.Store.Blocks;

/// <summary>
/// A column of whole numbers in the smallest of three forms: one number for all, runs, or groups of 64 with as many bits as the
/// group's largest needs. Layout: <c>docs/formats/blocks.md</c>.
/// </summary>
internal static class Column
{
    private const byte Constant = 0;
    private const byte Runs = 1;
    private const byte Packed = 2;
    private const int Group = 64;

    // A number of up to 56 bits at any bit of a byte lies within 8 bytes; wider ones take 64 bits, on whole bytes.
    private const int WidestOddWidth = 56;

    // Four of these, from any bit of a byte on, lie within 8 bytes.
    private const int WidestOfFour = 14;

    public static void Write(ByteSink sink, ReadOnlySpan<long> values)
    {
        if (values.IsEmpty || values.IndexOfAnyExcept(values[0]) < 0)
        {
            sink.Byte(Constant);
            sink.Zigzag(values.IsEmpty ? 0 : values[0]);
            return;
        }

        var least = Least(values);
        var packed = PackedBytes(values, least);
        var runs = RunBytes(values, packed);
        sink.Byte(runs < packed ? Runs : Packed);
        sink.Varint((ulong)Math.Min(runs, packed));
        if (runs < packed)
        {
            WriteRuns(sink, values);
        }
        else
        {
            WritePacked(sink, values, least);
        }
    }

    /// <summary>Reads as many numbers as the span has places.</summary>
    public static void Read(scoped ref ByteSource source, Span<long> values)
    {
        var form = source.Byte();
        if (form == Constant)
        {
            values.Fill(source.Zigzag());
            return;
        }

        var body = new ByteSource(source.Bytes(source.Bounded(int.MaxValue)));
        switch (form)
        {
            case Runs:
                ReadRuns(ref body, values);
                break;
            case Packed:
                ReadPacked(ref body, values);
                break;
            default:
                throw new InvalidDataException($"a column of form {form}");
        }

        body.ExpectEnd();
    }

    /// <summary>Steps over a column of zeros; false, somewhere inside, when it is another.</summary>
    public static bool TryReadZeros(ref ByteSource source) => source.Byte() == Constant && source.Zigzag() == 0;

    private static long Least(ReadOnlySpan<long> values)
    {
        var least = values[0];
        foreach (var value in values)
        {
            least = Math.Min(least, value);
        }

        return least;
    }

    private static int WidthOf(ReadOnlySpan<long> group, long least)
    {
        ulong any = 0;
        foreach (var value in group)
        {
            any |= unchecked((ulong)(value - least));
        }

        var width = 64 - BitOperations.LeadingZeroCount(any);
        return width > WidestOddWidth ? 64 : width;
    }

    private static int BytesOf(int numbers, int width) => ((numbers * width) + 7) / 8;

    private static int PackedBytes(ReadOnlySpan<long> values, long least)
    {
        var bytes = ByteSink.ZigzagBytes(least);
        for (var at = 0; at < values.Length; at += Group)
        {
            var group = values.Slice(at, Math.Min(Group, values.Length - at));
            bytes += 1 + BytesOf(group.Length, WidthOf(group, least));
        }

        return bytes;
    }

    // Gives up where runs are no longer the smaller form.
    private static int RunBytes(ReadOnlySpan<long> values, int most)
    {
        var bytes = 0;
        for (var at = 0; at < values.Length && bytes < most;)
        {
            var length = RunAt(values, at);
            bytes += ByteSink.ZigzagBytes(unchecked(values[at] - (at == 0 ? 0 : values[at - 1]))) + ByteSink.VarintBytes((ulong)length);
            at += length;
        }

        return bytes;
    }

    private static int RunAt(ReadOnlySpan<long> values, int at)
    {
        var end = values[at..].IndexOfAnyExcept(values[at]);
        return end < 0 ? values.Length - at : end;
    }

    private static void WriteRuns(ByteSink sink, ReadOnlySpan<long> values)
    {
        for (var at = 0; at < values.Length;)
        {
            var length = RunAt(values, at);
            sink.Zigzag(unchecked(values[at] - (at == 0 ? 0 : values[at - 1])));
            sink.Varint((ulong)length);
            at += length;
        }
    }

    private static void ReadRuns(ref ByteSource body, Span<long> values)
    {
        long value = 0;
        for (var at = 0; at < values.Length;)
        {
            value = unchecked(value + body.Zigzag());
            var length = body.Bounded(values.Length - at);
            if (length == 0)
            {
                throw new InvalidDataException("a run of none");
            }

            values.Slice(at, length).Fill(value);
            at += length;
        }
    }

    private static void WritePacked(ByteSink sink, ReadOnlySpan<long> values, long least)
    {
        sink.Zigzag(least);
        Span<byte> bits = stackalloc byte[Group * sizeof(long) + sizeof(long)];
        for (var at = 0; at < values.Length; at += Group)
        {
            var group = values.Slice(at, Math.Min(Group, values.Length - at));
            var width = WidthOf(group, least);
            bits.Clear();
            for (var i = 0; i < group.Length; i++)
            {
                var place = bits[(i * width / 8)..];
                var number = unchecked((ulong)(group[i] - least)) << (i * width % 8);
                BinaryPrimitives.WriteUInt64LittleEndian(place, BinaryPrimitives.ReadUInt64LittleEndian(place) | number);
            }

            sink.Byte((byte)width);
            sink.Bytes(bits[..BytesOf(group.Length, width)]);
        }
    }

    private static void ReadPacked(ref ByteSource body, Span<long> values)
    {
        var least = body.Zigzag();
        if (!BitConverter.IsLittleEndian)
        {
            throw new PlatformNotSupportedException("packed columns are read as little-endian numbers");
        }

        Span<byte> bits = stackalloc byte[Group * sizeof(long) + sizeof(long)];
        ref var place = ref MemoryMarshal.GetReference(bits);
        for (var at = 0; at < values.Length; at += Group)
        {
            var group = values.Slice(at, Math.Min(Group, values.Length - at));
            int width = body.Byte();
            if (width is > WidestOddWidth and not 64)
            {
                throw new InvalidDataException($"numbers of {width} bits");
            }

            body.Bytes(BytesOf(group.Length, width)).CopyTo(bits);
            var mask = width == 64 ? ulong.MaxValue : (1UL << width) - 1;
            var done = Avx2.IsSupported && width <= WidestOfFour ? ReadFours(ref place, group, width, least) : 0;
            for (int i = done, bit = done * width; i < group.Length; i++, bit += width)
            {
                // Within the buffer: it is longer by one number than the widest group.
                var number = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref place, bit >> 3)) >> (bit & 7);
                group[i] = unchecked((long)(number & mask) + least);
            }
        }
    }

    // Four numbers from one word, shifted apart; how many were read.
    private static int ReadFours(ref byte place, Span<long> group, int width, long least)
    {
        var (step, above) = ((ulong)width, Vector256.Create(least));
        var shifts = Vector256.Create(0, step, 2 * step, 3 * step);
        var mask = Vector256.Create((1UL << width) - 1);
        var fours = group.Length & ~3;
        for (int i = 0, bit = 0; i < fours; i += 4, bit += 4 * width)
        {
            var word = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref place, bit >> 3)) >> (bit & 7);
            var numbers = Avx2.ShiftRightLogicalVariable(Vector256.Create(word), shifts) & mask;
            (numbers.AsInt64() + above).CopyTo(group[i..]);
        }

        return fours;
    }
}
