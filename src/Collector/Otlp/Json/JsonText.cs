using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Kpi.Collector.Otlp.Json;

/// <summary>What stands in the quotes of JSON strings whose syntax is known to be right.</summary>
internal static class JsonText
{
    private const int EscapeLength = 6;

    /// <summary>
    /// Resolves escapes; what comes out is never longer. Half of a surrogate pair becomes the three bytes it would have, which are not
    /// UTF-8: so the item it stands in is rejected like one with other bytes that are none.
    /// </summary>
    public static int Unescape(ReadOnlySpan<byte> raw, Span<byte> into)
    {
        var written = 0;
        while (!raw.IsEmpty)
        {
            var plain = raw.IndexOf((byte)'\\');
            plain = plain < 0 ? raw.Length : plain;
            raw[..plain].CopyTo(into[written..]);
            written += plain;
            raw = raw[plain..];
            if (raw.Length < 2)
            {
                break;
            }

            if (raw[1] == 'u')
            {
                written += ResolveUnicode(ref raw, into[written..]);
                continue;
            }

            into[written++] = raw[1] switch
            {
                (byte)'b' => (byte)'\b',
                (byte)'f' => (byte)'\f',
                (byte)'n' => (byte)'\n',
                (byte)'r' => (byte)'\r',
                (byte)'t' => (byte)'\t',
                _ => raw[1],
            };
            raw = raw[2..];
        }

        return written;
    }

    /// <summary>Decodes base64 of either alphabet, with padding or without. False when it is none.</summary>
    /// <param name="text">Is written over.</param>
    public static bool TryDecodeBase64(Span<byte> text, Span<byte> into, out int written)
    {
        text.Replace((byte)'+', (byte)'-');
        text.Replace((byte)'/', (byte)'_');
        return Base64Url.DecodeFromUtf8(text, into, out _, out written) == System.Buffers.OperationStatus.Done;
    }

    private static int ResolveUnicode(ref ReadOnlySpan<byte> raw, Span<byte> into)
    {
        var unit = UnitOf(raw);
        if (char.IsHighSurrogate(unit) && raw.Length >= 2 * EscapeLength && raw[EscapeLength] == '\\' && raw[EscapeLength + 1] == 'u')
        {
            var second = UnitOf(raw[EscapeLength..]);
            if (char.IsLowSurrogate(second))
            {
                raw = raw[(2 * EscapeLength)..];
                return new Rune(unit, second).EncodeToUtf8(into);
            }
        }

        raw = raw[EscapeLength..];
        if (Rune.TryCreate(unit, out var rune))
        {
            return rune.EncodeToUtf8(into);
        }

        into[0] = (byte)(0xE0 | (unit >> 12));
        into[1] = (byte)(0x80 | ((unit >> 6) & 0x3F));
        into[2] = (byte)(0x80 | (unit & 0x3F));
        return 3;
    }

    private static char UnitOf(ReadOnlySpan<byte> escape) =>
        (char)ushort.Parse(escape[2..EscapeLength], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
