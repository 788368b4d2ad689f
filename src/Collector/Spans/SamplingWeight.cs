using System.Globalization;
using Kpi.Rollups.Lanes;

namespace Kpi.Collector.Spans;

/// <summary>
/// How many spans a sampled one stands for: the inverse of its sampling probability, from <c>ot=th:…</c> in the trace state.
/// Source: OpenTelemetry specification, "TraceState: Probability Sampling": the threshold T is 56 bits, written as up to 14
/// hexadecimal digits without trailing zeros; the probability is (2⁵⁶ − T) / 2⁵⁶.
/// </summary>
internal static class SamplingWeight
{
    private const int Digits = 14;
    private const ulong Range = 1UL << 56;

    /// <summary>The weight in units of 2⁻³²; one when the trace state says nothing, or nothing that makes sense.</summary>
    public static ulong Of(ReadOnlySpan<byte> traceState)
    {
        foreach (var part in traceState.Split((byte)','))
        {
            var member = traceState[part].Trim((byte)' ');
            if (member.StartsWith("ot="u8))
            {
                return OfMember(member[3..]);
            }
        }

        return DurationSample.One;
    }

    private static ulong OfMember(ReadOnlySpan<byte> member)
    {
        foreach (var part in member.Split((byte)';'))
        {
            var field = member[part];
            if (field.StartsWith("th:"u8) && field.Length - 3 is > 0 and <= Digits
                && ulong.TryParse(field[3..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var threshold))
            {
                threshold <<= 4 * (Digits - (field.Length - 3));
                var weight = (UInt128)Range * DurationSample.One / (Range - threshold);
                return (ulong)UInt128.Min(weight, (UInt128)uint.MaxValue << 32);
            }
        }

        return DurationSample.One;
    }
}
