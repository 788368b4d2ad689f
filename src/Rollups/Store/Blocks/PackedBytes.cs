using System.Buffers;
using System.IO.Compression;

namespace Kpi.Rollups.Store.Blocks;

/// <summary>Bytes under Brotli behind their length. Reused; one thread.</summary>
internal sealed class PackedBytes
{
    // The fastest: neighbouring cells repeat, and that it finds as well as the slow ones.
    private const int Quality = 1;
    private const int WindowBits = 18;
    private const int FirstRoom = 64 << 10;

    private byte[] room = [];

    /// <summary>Writes the length of the bytes and the bytes, packed.</summary>
    public void Write(ByteSink sink, ReadOnlySpan<byte> plain)
    {
        var most = BrotliEncoder.GetMaxCompressedLength(plain.Length);
        room = room.Length < most ? new byte[most] : room;
        if (!BrotliEncoder.TryCompress(plain, room, out var length, Quality, WindowBits))
        {
            throw new InvalidOperationException("Brotli needs more room than it asked for");
        }

        sink.Varint((ulong)plain.Length);
        sink.Bytes(room.AsSpan(0, length));
    }

    /// <summary>The bytes of what is left in a source; valid until the next call.</summary>
    /// <exception cref="InvalidDataException">They cannot be unpacked, or are not as many as is said.</exception>
    public ReadOnlySpan<byte> Read(ref ByteSource source)
    {
        var length = source.Bounded(BlockFormat.MostPlainBytes * 2);
        var packed = source.Bytes(source.Left);

        // A head may claim more than there is: the room grows with what comes out.
        var filled = 0;
        using var decoder = new BrotliDecoder();
        while (true)
        {
            if (room.Length == filled)
            {
                Array.Resize(ref room, Math.Max(FirstRoom, room.Length * 2));
            }

            var status = decoder.Decompress(packed, room.AsSpan(filled), out var read, out var written);
            packed = packed[read..];
            filled += written;
            if (filled > length || status is not (OperationStatus.Done or OperationStatus.DestinationTooSmall))
            {
                throw new InvalidDataException("cells that cannot be inflated");
            }

            if (status == OperationStatus.Done)
            {
                return filled == length && packed.IsEmpty
                    ? room.AsSpan(0, filled)
                    : throw new InvalidDataException($"{filled} bytes of cells instead of {length}");
            }
        }
    }
}
