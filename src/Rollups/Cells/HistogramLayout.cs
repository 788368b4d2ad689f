namespace Kpi.Rollups.Cells;

/// <summary>
/// The buckets of a histogram as its sender cut them: explicit bounds, or powers of a base. Only histograms of equal layouts add up
/// bucket by bucket. Immutable; equal when the buckets are.
/// </summary>
public sealed class HistogramLayout : IEquatable<HistogramLayout>
{
    /// <summary>The finest scale kept; finer ones are lowered to it, as spans are counted in it too.</summary>
    public const int MostScale = 6;

    /// <summary>The coarsest scale: one bucket holds all doubles over 1, another all below.</summary>
    public const int LeastScale = -11;

    /// <summary>Bounds that a layout may have.</summary>
    public const int MostBounds = 1_024;

    private static readonly HistogramLayout[] WithoutThreshold =
        [.. Enumerable.Range(LeastScale, MostScale - LeastScale + 1).Select(scale => new HistogramLayout([], scale, 0))];

    private readonly double[] bounds;
    private readonly int hash;

    private HistogramLayout(double[] bounds, int? scale, double zeroThreshold)
    {
        this.bounds = bounds;
        Scale = scale;
        ZeroThreshold = zeroThreshold;
        hash = bounds.Aggregate(HashCode.Combine(scale, zeroThreshold), HashCode.Combine);
    }

    /// <summary>The scale of an exponential histogram, whose base is 2^(2^−scale); null where there are bounds.</summary>
    public int? Scale { get; }

    /// <summary>Values from −threshold to threshold lie in the zero bucket of an exponential histogram.</summary>
    public double ZeroThreshold { get; }

    /// <summary>Upper bounds, each of the bucket of its position; one more bucket lies above the last. Empty where there is a scale.</summary>
    public ReadOnlySpan<double> Bounds => bounds;

    /// <summary>Buckets between explicit bounds; 0 where there is a scale, as then any index may occur.</summary>
    public int BucketCount => Scale is null ? bounds.Length + 1 : 0;

    /// <summary>Lower indexes than this hold nothing: here, or a little over it, lies the smallest double over zero. 0 with explicit bounds.</summary>
    public int LowestIndex => Scale is { } scale ? IndexOfExponent(-1_075, scale) : 0;

    /// <summary>The bucket over that of the largest double, in which some senders count infinity; or the one above all bounds.</summary>
    public int HighestIndex => Scale is { } scale ? IndexOfExponent(1_024, scale) : bounds.Length;

    /// <summary>The layout of explicit bounds: finite, ascending, none twice, at most <see cref="MostBounds"/>. None at all is one bucket.</summary>
    /// <exception cref="ArgumentException">They are not.</exception>
    public static HistogramLayout Of(ReadOnlySpan<double> bounds) => AreBounds(bounds)
        ? new HistogramLayout(bounds.ToArray(), scale: null, 0)
        : throw new ArgumentException("bounds ascend and are finite", nameof(bounds));

    /// <summary>The layout of an exponential histogram; scales over <see cref="MostScale"/> have no layout of their own.</summary>
    /// <exception cref="ArgumentException">The scale is out of range, or the threshold negative or not finite.</exception>
    public static HistogramLayout Of(int scale, double zeroThreshold)
    {
        if (scale is < LeastScale or > MostScale || !double.IsFinite(zeroThreshold) || zeroThreshold < 0)
        {
            throw new ArgumentException($"no layout of scale {scale} and threshold {zeroThreshold}", nameof(scale));
        }

        return zeroThreshold == 0 ? WithoutThreshold[scale - LeastScale] : new HistogramLayout([], scale, zeroThreshold);
    }

    /// <summary>Whether these can be bounds.</summary>
    public static bool AreBounds(ReadOnlySpan<double> bounds)
    {
        var before = double.NegativeInfinity;
        foreach (var bound in bounds)
        {
            if (!double.IsFinite(bound) || bound <= before)
            {
                return false;
            }

            before = bound;
        }

        return bounds.Length <= MostBounds;
    }

    /// <summary>The values of a bucket, <c>(low, high]</c>: by magnitude, where there is a scale. Beyond all bounds lie −∞ and +∞.</summary>
    public (double Low, double High) RangeOf(int index) => Scale is { } scale
        ? (EdgeBelow((long)index << (MostScale - scale)), EdgeBelow((index + 1L) << (MostScale - scale)))
        : (index == 0 ? double.NegativeInfinity : bounds[index - 1], index == bounds.Length ? double.PositiveInfinity : bounds[index]);

    private static int IndexOfExponent(int exponent, int scale) => scale >= 0 ? exponent << scale : exponent >> -scale;

    // The edges of a coarser scale are some of those of the finest.
    private static double EdgeBelow(long finest) => finest <= SketchMath.LowestBucket ? 0
        : finest > SketchMath.HighestBucket ? double.PositiveInfinity
        : SketchMath.LowerEdge((int)finest);

    /// <inheritdoc/>
    public bool Equals(HistogramLayout? other) => ReferenceEquals(this, other)
        || (other is not null && Scale == other.Scale && ZeroThreshold.Equals(other.ZeroThreshold) && bounds.AsSpan().SequenceEqual(other.bounds));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as HistogramLayout);

    /// <inheritdoc/>
    public override int GetHashCode() => hash;
}
