namespace Kpi.Rollups.Cells;

/// <summary>
/// Values at which a distribution is counted exactly (tier targets, SLO thresholds): "how many were at most 150 ms"
/// has then no sketch error. Ascending, without repeats, at most <see cref="MostEdges"/>. Immutable; equal when the edges are.
/// </summary>
public sealed class EdgeSet : IEquatable<EdgeSet>
{
    /// <summary>Edges a set may have.</summary>
    public const int MostEdges = 64;

    /// <summary>The set without edges.</summary>
    public static readonly EdgeSet None = new([]);

    private readonly double[] edges;
    private readonly long[] nanos;

    private EdgeSet(double[] edges)
    {
        this.edges = edges;
        nanos = [.. edges.Select(NanosWithin)];
    }

    /// <summary>The edges, ascending, in the unit of the series.</summary>
    public ReadOnlySpan<double> Edges => edges;

    /// <summary>For a series in seconds: the longest duration within each edge, in nanoseconds.</summary>
    internal ReadOnlySpan<long> Nanos => nanos;

    /// <summary>Sorts and drops repeats; edges that are not positive and finite are an error of the caller.</summary>
    public static EdgeSet Of(IEnumerable<double> edges)
    {
        double[] sorted = [.. edges.Distinct().Order()];
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sorted.Length, MostEdges, nameof(edges));
        if (sorted.Any(e => !double.IsFinite(e) || e <= 0))
        {
            throw new ArgumentOutOfRangeException(nameof(edges), "edges are positive and finite");
        }

        return sorted.Length == 0 ? None : new EdgeSet(sorted);
    }

    /// <summary>Position of an edge, or −1.</summary>
    public int IndexOf(double edge) => Array.IndexOf(edges, edge);

    /// <inheritdoc/>
    public bool Equals(EdgeSet? other) => other is not null && edges.AsSpan().SequenceEqual(other.edges);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as EdgeSet);

    /// <inheritdoc/>
    public override int GetHashCode() => edges.Aggregate(0, HashCode.Combine);

    // The product alone may end up above an edge that lies between two nanoseconds.
    private static long NanosWithin(double edge)
    {
        var nearest = (long)Math.Round(edge * 1e9);
        return nearest / 1e9 <= edge ? nearest : nearest - 1;
    }
}
