namespace Kpi.Rollups.Time;

/// <summary>
/// One slice of time, 10 s long, <c>(start, end]</c>: an instant on an edge belongs to the slice that ends there,
/// as Prometheus 3 cuts windows. <paramref name="Number"/> is the end in units of 10 s since 1970.
/// </summary>
public readonly record struct Slice(int Number)
{
    /// <summary>Length of a slice in nanoseconds.</summary>
    public const long LengthNanos = 10_000_000_000;

    /// <summary>Length of a slice.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(10);

    /// <summary>The instant at which the slice ends; still inside it.</summary>
    public UnixNanos End => new(Number * LengthNanos);

    /// <summary>The slice that holds an instant; the instant must not lie before 1970.</summary>
    public static Slice Of(UnixNanos instant) => new((int)((ulong)(instant.Value + LengthNanos - 1) / LengthNanos));

    /// <summary>The slice that lies <paramref name="slices"/> later (earlier when negative).</summary>
    public Slice Plus(int slices) => new(Number + slices);
}
