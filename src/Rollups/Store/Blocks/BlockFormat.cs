namespace Kpi.Rollups.Store.Blocks;

/// <summary>Constants of the layout that <c>docs/formats/blocks.md</c> draws.</summary>
internal static class BlockFormat
{
    /// <summary>First byte of every block.</summary>
    public const byte Version = 1;

    /// <summary>Distribution cells in a block at most: a trial found 64 to 128 best for reading the newest slices.</summary>
    public const int MostDistributions = 64;

    /// <summary>Counter cells in a block at most.</summary>
    public const int MostCounters = 4_096;

    /// <summary>The 10 s tier; coarser ones have larger numbers.</summary>
    public const int TierOfSlices = 1;
}
