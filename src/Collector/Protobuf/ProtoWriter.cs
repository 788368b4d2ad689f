using System.Buffers;
using System.Text;

namespace Kpi.Collector.Protobuf;

/// <summary>Writes the few small messages that we answer with.</summary>
internal sealed class ProtoWriter
{
    private readonly ArrayBufferWriter<byte> buffer = new();

    public byte[] ToArray() => buffer.WrittenSpan.ToArray();

    /// <summary>A varint field; zero, the default, is left out.</summary>
    public ProtoWriter Varint(uint number, ulong value)
    {
        if (value != 0)
        {
            Raw((number << 3) | WireType.Varint);
            Raw(value);
        }

        return this;
    }

    /// <summary>A string field; empty, the default, is left out.</summary>
    public ProtoWriter Text(uint number, string value) => value.Length == 0 ? this : Message(number, Encoding.UTF8.GetBytes(value));

    /// <summary>A message or bytes field, also when empty.</summary>
    public ProtoWriter Message(uint number, ReadOnlySpan<byte> value)
    {
        Raw((number << 3) | WireType.Bytes);
        Raw((ulong)value.Length);
        buffer.Write(value);
        return this;
    }

    private void Raw(ulong value)
    {
        while (value >= 0x80)
        {
            Byte((byte)(value | 0x80));
            value >>= 7;
        }

        Byte((byte)value);
    }

    private void Byte(byte value)
    {
        buffer.GetSpan(1)[0] = value;
        buffer.Advance(1);
    }
}
