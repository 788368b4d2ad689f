namespace Kpi.Rollups.Store.Blocks;

/// <summary>The columns of a distribution body, in the order in which they lie.</summary>
internal enum DistributionColumn
{
    /// <summary>Numbers of edge sets.</summary>
    EdgeSets,

    /// <summary>Events without a value or of exactly zero, what was sampled away, and squared weights.</summary>
    Totals,

    /// <summary>How many buckets change, and from what.</summary>
    Heads,

    /// <summary>Which buckets change.</summary>
    Places,

    /// <summary>What they change to, or by.</summary>
    Counts,

    /// <summary>Sums, less what is foretold.</summary>
    Sums,

    /// <summary>Counts at edges, less what is foretold.</summary>
    AtEdges,

    /// <summary>Smallest and largest values, less what is foretold.</summary>
    Extremes,
}
