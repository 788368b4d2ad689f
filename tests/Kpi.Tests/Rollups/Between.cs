using FsCheck;
using FsCheck.Fluent;

namespace Kpi.Tests.Rollups;

/// <summary>Whole numbers of 64 bits, evenly spread; FsCheck's own stay small.</summary>
internal static class Between
{
    public static Gen<long> Of(long low, long high) =>
        from upper in Gen.Choose(0, int.MaxValue)
        from lower in Gen.Choose(0, int.MaxValue)
        from last in Gen.Choose(0, 3)
        select low + (long)((((ulong)upper << 33) | ((ulong)lower << 2) | (uint)last) % ((ulong)(high - low) + 1));
}
