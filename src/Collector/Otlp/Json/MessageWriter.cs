using System.Buffers.Binary;
using Kpi.Collector.Admission;
using Kpi.Rollups.Intake;

namespace Kpi.Collector.Otlp.Json;

/// <summary>
/// Writes protobuf front to back into a body buffer, whose limit and budget bound it. A length is known only behind its message: a
/// short one gets one byte, and the message moves when that is too little; a wide one gets five at once, padded. Both are valid, and
/// the first is what the decoders are quickest with.
/// </summary>
internal ref struct MessageWriter(BodyBuffer into)
{
    private const int WideBytes = 5;
    private const int MostVarint = 10;

    private Span<byte> room;
    private int at;

    /// <summary>Why there is no more room.</summary>
    public RejectReason? Refused { get; private set; }

    /// <summary>Where the next byte goes; valid until the next <see cref="TryEnsure"/>.</summary>
    public readonly Span<byte> Free => room[at..];

    public void Advance(int bytes) => at += bytes;

    /// <summary>What was written becomes the buffer's.</summary>
    public RejectReason? Complete() => into.Extend(at, 0, out room);

    public bool TryEnsure(int bytes)
    {
        if (room.Length - at >= bytes)
        {
            return true;
        }

        Refused = into.Extend(at, bytes, out room);
        return Refused is null;
    }

    public bool TryVarint(uint tag, ulong value)
    {
        if (!TryEnsure(2 * MostVarint))
        {
            return false;
        }

        Raw(tag);
        Raw(value);
        return true;
    }

    public bool TryFixed64(uint tag, ulong value)
    {
        if (!TryEnsure(MostVarint + sizeof(ulong)))
        {
            return false;
        }

        Raw(tag);
        BinaryPrimitives.WriteUInt64LittleEndian(Free, value);
        at += sizeof(ulong);
        return true;
    }

    public bool TryFixed32(uint tag, uint value)
    {
        if (!TryEnsure(MostVarint + sizeof(uint)))
        {
            return false;
        }

        Raw(tag);
        BinaryPrimitives.WriteUInt32LittleEndian(Free, value);
        at += sizeof(uint);
        return true;
    }

    public bool TryBytes(uint tag, scoped ReadOnlySpan<byte> bytes)
    {
        if (!TryEnsure((2 * MostVarint) + bytes.Length))
        {
            return false;
        }

        Raw(tag);
        Raw((ulong)bytes.Length);
        bytes.CopyTo(Free);
        at += bytes.Length;
        return true;
    }

    /// <summary>A value of a packed field, which has no tag of its own.</summary>
    public bool TryPacked(ulong value, bool isVarint)
    {
        if (!TryEnsure(MostVarint))
        {
            return false;
        }

        if (isVarint)
        {
            Raw(value);
        }
        else
        {
            BinaryPrimitives.WriteUInt64LittleEndian(Free, value);
            at += sizeof(ulong);
        }

        return true;
    }

    /// <summary>Begins a field with a length.</summary>
    /// <param name="begin">For <see cref="TryClose"/>: where its content begins.</param>
    public bool TryOpen(uint tag, bool wide, out int begin)
    {
        begin = 0;
        if (!TryEnsure(MostVarint + WideBytes))
        {
            return false;
        }

        Raw(tag);
        begin = at += wide ? WideBytes : 1;
        return true;
    }

    /// <summary>Ends a field: writes its length in front of it.</summary>
    public bool TryClose(int begin, bool wide)
    {
        var length = at - begin;
        if (wide)
        {
            for (var i = 0; i < WideBytes; i++)
            {
                room[begin - WideBytes + i] = (byte)((length >> (7 * i)) | (i < WideBytes - 1 ? 0x80 : 0));
            }

            return true;
        }

        if (!TryEnsure(WideBytes))
        {
            return false;
        }

        var more = int.Log2(length | 1) / 7;
        room.Slice(begin, length).CopyTo(room[(begin + more)..]);
        at = begin - 1;
        Raw((ulong)length);
        at += length;
        return true;
    }

    private void Raw(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            room[at++] = (byte)(value | 0x80);
        }

        room[at++] = (byte)value;
    }
}
