using Google.Protobuf;

namespace Kpi.Tests.Collector.Otlp;

/// <summary>Wire format by hand, for what no encoder writes.</summary>
internal static class WireBytes
{
    /// <summary>A field with bytes or a message.</summary>
    public static byte[] Field(int number, params byte[][] parts)
    {
        var field = new MemoryStream();
        field.Write(Varint((ulong)((number << 3) | 2)));
        field.Write(Varint((ulong)parts.Sum(p => p.Length)));
        foreach (var part in parts)
        {
            field.Write(part);
        }

        return field.ToArray();
    }

    public static byte[] Number(int number, ulong value) => [.. Varint((ulong)(number << 3)), .. Varint(value)];

    public static byte[] Fixed64(int number, ulong value) => [.. Varint((ulong)((number << 3) | 1)), .. BitConverter.GetBytes(value)];

    /// <summary>A varint of exactly so many bytes, padded with empty groups of seven bits.</summary>
    public static byte[] Overlong(ulong value, int bytes)
    {
        var varint = new byte[bytes];
        for (var i = 0; i < bytes; i++)
        {
            varint[i] = (byte)((value & 0x7F) | (i < bytes - 1 ? 0x80u : 0));
            value >>= 7;
        }

        return varint;
    }

    public static byte[] Varint(ulong value)
    {
        var bytes = 1;
        for (var rest = value >> 7; rest != 0; rest >>= 7)
        {
            bytes++;
        }

        return Overlong(value, bytes);
    }

    /// <summary>A request with one resource and one scope around these fields of a span.</summary>
    public static byte[] RequestOfSpan(params byte[][] fields) =>
        Field(1, TestSpans.From("shop").ToByteArray(), Field(2, Field(2, fields)));
}
