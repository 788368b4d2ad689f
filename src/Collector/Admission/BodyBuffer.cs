using System.Buffers;
using System.Numerics;
using Kpi.Rollups.Intake;

namespace Kpi.Collector.Admission;

/// <summary>
/// A body in one piece, in memory that grows as bytes arrive, never by what a sender announces. One owner, who disposes it: then
/// memory and budget go back. Up to <see cref="MostPooled"/> bytes lie in a pooled array, larger bodies in native memory.
/// </summary>
internal sealed class BodyBuffer(BytesInFlight budget, int limit) : IDisposable
{
    private const int FirstRent = 64 << 10;
    private const int MostPooled = 4 << 20;
    private const int MostExpected = 256 << 10;

    private byte[] pooled = [];
    private NativeBlock? native;
    private int reserved;
    private int length;

    public int Length => length;

    /// <summary>What has come. Valid until the next append, and not after the dispose.</summary>
    public ReadOnlyMemory<byte> Written => Room[..length];

    private Memory<byte> Room => native?.Memory ?? pooled;

    /// <summary>
    /// Makes room for what the sender announces, as far as a usual batch goes; beyond that an announcement is believed when its
    /// bytes are there.
    /// </summary>
    public void Expect(long announced) => TryMakeRoom((int)Math.Min(announced, MostExpected));

    /// <summary>Adds bytes; or says why not: <see cref="RejectReason.TooLarge"/> or <see cref="RejectReason.Overloaded"/>.</summary>
    public RejectReason? Append(in ReadOnlySequence<byte> bytes)
    {
        if (bytes.Length > limit - length)
        {
            return RejectReason.TooLarge;
        }

        var added = (int)bytes.Length;
        if (!TryMakeRoom(length + added))
        {
            return RejectReason.Overloaded;
        }

        bytes.CopyTo(Room.Span[length..]);
        length += added;
        return null;
    }

    /// <summary>Adds a stream to its end, or says why not.</summary>
    public RejectReason? Append(Stream stream)
    {
        Span<byte> probe = stackalloc byte[1];
        while (true)
        {
            if (!TryMakeRoom(Math.Min(limit, length + 1)))
            {
                return RejectReason.Overloaded;
            }

            // At the limit one byte decides whether there is more.
            var full = length == limit;
            var room = Room.Span;
            var read = stream.Read(full ? probe : room[length..Math.Min(room.Length, limit)]);
            if (read == 0)
            {
                return null;
            }

            if (full)
            {
                return RejectReason.TooLarge;
            }

            length += read;
        }
    }

    /// <summary>For a writer that holds the room: keeps what was written, and makes room for more; or says why not.</summary>
    /// <param name="written">Bytes from the beginning that were written.</param>
    /// <param name="more">Bytes for which there must be room behind them.</param>
    /// <param name="room">All of the room; valid until the next call, and not beyond the limit.</param>
    public RejectReason? Extend(int written, int more, out Span<byte> room)
    {
        length = written;
        var refused = more > limit - length ? RejectReason.TooLarge
            : TryMakeRoom(length + more) ? null
            : (RejectReason?)RejectReason.Overloaded;
        room = Room.Span;
        room = room[..Math.Min(room.Length, limit)];
        return refused;
    }

    public void Dispose()
    {
        GiveBackPooled();
        (native as IDisposable)?.Dispose();
        native = null;
        budget.Release(reserved);
        reserved = length = 0;
    }

    private bool TryMakeRoom(int needed)
    {
        if (needed <= Room.Length)
        {
            return true;
        }

        // The pool's own sizes, so that what is reserved is what is held.
        var size = (int)Math.Min(BitOperations.RoundUpToPowerOf2((uint)Math.Max(needed, FirstRent)), int.MaxValue);
        size = size <= MostPooled ? size : Math.Max(needed, Math.Min(size, limit));
        if (!budget.TryReserve(size - reserved))
        {
            return false;
        }

        reserved = size;
        if (size <= MostPooled)
        {
            var grown = ArrayPool<byte>.Shared.Rent(size);
            Written.CopyTo(grown);
            GiveBackPooled();
            pooled = grown;
        }
        else
        {
            GrowNative(size);
        }

        return true;
    }

    private void GrowNative(int size)
    {
        if (native is not null)
        {
            native.Grow(size);
            return;
        }

        var block = new NativeBlock();
        block.Grow(size);
        Written.Span.CopyTo(block.GetSpan());
        GiveBackPooled();
        native = block;
    }

    private void GiveBackPooled()
    {
        if (pooled.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(pooled);
            pooled = [];
        }
    }
}
