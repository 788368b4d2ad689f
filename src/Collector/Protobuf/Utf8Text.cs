using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text.Unicode;

namespace Kpi.Collector.Protobuf;

/// <summary>Checks strings for UTF-8. Most are short and ASCII: two overlapping loads tell, without a call.</summary>
internal static class Utf8Text
{
    private const ulong HighBits = 0x8080_8080_8080_8080;
    private const uint HighBits32 = 0x8080_8080;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsValid(ReadOnlySpan<byte> text)
    {
        var length = text.Length;
        ref var start = ref MemoryMarshal.GetReference(text);
        if (length is >= 8 and <= 16)
        {
            var both = Unsafe.ReadUnaligned<ulong>(ref start) | Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, length - 8));
            return (both & HighBits) == 0 || Utf8.IsValid(text);
        }

        if (length is > 16 and <= 32)
        {
            var both = Vector128.LoadUnsafe(ref start) | Vector128.LoadUnsafe(ref start, (nuint)(length - 16));
            return both.ExtractMostSignificantBits() == 0 || Utf8.IsValid(text);
        }

        if (length is >= 4 and < 8)
        {
            var both = Unsafe.ReadUnaligned<uint>(ref start) | Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref start, length - 4));
            return (both & HighBits32) == 0 || Utf8.IsValid(text);
        }

        return Utf8.IsValid(text);
    }
}
