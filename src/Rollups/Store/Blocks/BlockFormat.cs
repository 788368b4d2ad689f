namespace Kpi.Rollups.Store.Blocks;

/// <summary>Constants of the layout that <c>docs/formats/blocks.md</c> draws.</summary>
internal static class BlockFormat
{
    /// <summary>First byte of blocks and tiles of counters.</summary>
    public const byte Version = 2;

    /// <summary>First byte of blocks and tiles of distributions.</summary>
    public const byte DistributionVersion = 3;

    /// <summary>Cells of a block or tile at most; a tile of more is cut.</summary>
    public const int MostCells = 8_192;

    /// <summary>What the cells of a distribution block take before compression, at most, in bytes.</summary>
    public const int MostPlainBytes = 8 << 20;

    /// <summary>Shards are what one fresh block holds: stretches of series numbers of one kind. A block should stay under a page of 16 KiB.</summary>
    public static int SeriesPerShard(Identity.SeriesKind kind) => IsNumber(kind) ? 1_024 : 64;

    /// <summary>Groups are what one tile holds; a shard is a whole number of them.</summary>
    public static int SeriesPerGroup(Identity.SeriesKind kind) => IsNumber(kind) ? 16 : 4;

    private static bool IsNumber(Identity.SeriesKind kind) => kind is Identity.SeriesKind.Counter or Identity.SeriesKind.Gauge;
}
