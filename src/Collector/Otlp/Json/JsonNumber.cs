using System.Globalization;

namespace Kpi.Collector.Otlp.Json;

/// <summary>Reads numbers as proto3 JSON has them: bare or in quotes, integers exactly and also with a fraction or exponent, as long as they are whole.</summary>
internal static class JsonNumber
{
    // 10^20 is more than any integer of 64 bits.
    private const int MostDigits = 20;

    /// <summary>Reads a whole number of any form: <c>-12</c>, <c>1e3</c>, <c>1.50e1</c>. False when it is none, or beyond 64 bits.</summary>
    public static bool TryReadWhole(ReadOnlySpan<byte> text, out ulong magnitude, out bool negative)
    {
        magnitude = 0;
        negative = text is [(byte)'-', ..];
        var at = negative ? 1 : 0;
        var begin = at;
        var zeros = 0;
        if (!TryReadDigits(text, ref at, ref magnitude, ref zeros) || at == begin)
        {
            return false;
        }

        long scale = 0;
        if (at < text.Length && text[at] == '.')
        {
            var point = ++at;
            if (!TryReadDigits(text, ref at, ref magnitude, ref zeros) || at == point)
            {
                return false;
            }

            scale = point - at;
        }

        return TryReadExponent(text, at, ref scale) && TryScale(ref magnitude, scale + zeros);
    }

    /// <summary>Reads a number, or one of the three words for what is none; no number is beyond the doubles.</summary>
    public static bool TryReadDouble(ReadOnlySpan<byte> text, bool quoted, out double value)
    {
        value = 0;
        if (quoted && text.SequenceEqual("NaN"u8))
        {
            value = double.NaN;
            return true;
        }

        if (quoted && (text.SequenceEqual("Infinity"u8) || text.SequenceEqual("-Infinity"u8)))
        {
            value = text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
            return true;
        }

        const NumberStyles Form = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        var digit = text is [(byte)'-', ..] ? 1 : 0;
        return digit < text.Length && char.IsAsciiDigit((char)text[digit])
            && double.TryParse(text, Form, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);
    }

    // Zeros are only multiplied in once another digit follows: at the end they may go against a negative exponent.
    private static bool TryReadDigits(ReadOnlySpan<byte> text, ref int at, ref ulong magnitude, ref int zeros)
    {
        for (; at < text.Length && char.IsAsciiDigit((char)text[at]); at++)
        {
            var digit = (ulong)(text[at] - '0');
            if (digit == 0)
            {
                zeros += magnitude == 0 ? 0 : 1;
                continue;
            }

            if (!TryScale(ref magnitude, zeros + 1) || magnitude > ulong.MaxValue - digit)
            {
                return false;
            }

            magnitude += digit;
            zeros = 0;
        }

        return true;
    }

    private static bool TryReadExponent(ReadOnlySpan<byte> text, int at, ref long scale)
    {
        if (at == text.Length)
        {
            return true;
        }

        if (text[at] is not ((byte)'e' or (byte)'E'))
        {
            return false;
        }

        var digits = text[(at + 1)..];
        var minus = digits is [(byte)'-', ..];
        digits = digits is [(byte)'-' or (byte)'+', ..] ? digits[1..] : digits;
        if (digits.IsEmpty)
        {
            return false;
        }

        long exponent = 0;
        foreach (var digit in digits)
        {
            if (!char.IsAsciiDigit((char)digit))
            {
                return false;
            }

            exponent = Math.Min((exponent * 10) + (digit - '0'), int.MaxValue);
        }

        scale += minus ? -exponent : exponent;
        return true;
    }

    private static bool TryScale(ref ulong magnitude, long tens)
    {
        if (magnitude == 0)
        {
            return true;
        }

        if (tens is < 0 or > MostDigits)
        {
            return false;
        }

        for (; tens > 0; tens--)
        {
            if (magnitude > ulong.MaxValue / 10)
            {
                return false;
            }

            magnitude *= 10;
        }

        return true;
    }
}
