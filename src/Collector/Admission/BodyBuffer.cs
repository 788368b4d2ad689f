using System.Buffers;

namespace Kpi.Collector.Admission;

/// <summary>Why a buffer took no more.</summary>
internal enum BufferFull
{
    /// <summary>It took it.</summary>
    No,

    /// <summary>The request is larger than the limit.</summary>
    RequestTooLarge,

    /// <summary>The budget of all requests is used up.</summary>
    Overloaded,
}

/// <summary>
/// A body in one piece, in rented memory that grows as bytes arrive, never by what a sender announces. One owner, who disposes it:
/// then memory and budget go back.
/// </summary>
internal sealed class BodyBuffer(BytesInFlight budget, int limit) : IDisposable
{
    private const int FirstRent = 16 * 1024;

    private byte[] rented = [];
    private int length;

    public int Length => length;

    public ReadOnlySpan<byte> Written => rented.AsSpan(0, length);

    /// <summary>The body's array: for streams that cannot read a span. Valid until the next append.</summary>
    public ArraySegment<byte> Segment => new(rented, 0, length);

    public BufferFull Append(in ReadOnlySequence<byte> bytes)
    {
        if (bytes.Length > limit - length)
        {
            return BufferFull.RequestTooLarge;
        }

        var added = (int)bytes.Length;
        if (!TryMakeRoom(length + added))
        {
            return BufferFull.Overloaded;
        }

        bytes.CopyTo(rented.AsSpan(length));
        length += added;
        return BufferFull.No;
    }

    /// <summary>Reads a stream to its end.</summary>
    public BufferFull Append(Stream stream)
    {
        Span<byte> probe = stackalloc byte[1];
        while (true)
        {
            if (!TryMakeRoom(Math.Min(limit, Math.Max(length + 1, FirstRent))))
            {
                return BufferFull.Overloaded;
            }

            // At the limit one byte decides whether there is more.
            var full = length == limit;
            var read = stream.Read(full ? probe : rented.AsSpan(length, Math.Min(rented.Length, limit) - length));
            if (read == 0)
            {
                return BufferFull.No;
            }

            if (full)
            {
                return BufferFull.RequestTooLarge;
            }

            length += read;
        }
    }

    public void Dispose()
    {
        if (rented.Length > 0)
        {
            budget.Release(rented.Length);
            ArrayPool<byte>.Shared.Return(rented);
            rented = [];
            length = 0;
        }
    }

    private bool TryMakeRoom(int needed)
    {
        if (needed <= rented.Length)
        {
            return true;
        }

        var grown = ArrayPool<byte>.Shared.Rent(Math.Max(needed, Math.Max(FirstRent, rented.Length * 2)));
        if (!budget.TryReserve(grown.Length - rented.Length))
        {
            ArrayPool<byte>.Shared.Return(grown);
            return false;
        }

        Written.CopyTo(grown);
        if (rented.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        rented = grown;
        return true;
    }
}
