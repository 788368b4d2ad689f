namespace Kpi.Rollups.Identity;

/// <summary>A series as it was when first seen. Equal when the ids are.</summary>
/// <param name="Id">Stable identity of <paramref name="Labels"/> and <paramref name="Kind"/>.</param>
/// <param name="Kind">What its cells hold.</param>
/// <param name="Unit">UCUM unit of its values as the sender gave it (<c>s</c>, <c>By</c>, <c>1</c>).</param>
/// <param name="Labels">Name and labels, as they came.</param>
public sealed record Series(SeriesId Id, SeriesKind Kind, string Unit, Labels Labels)
{
    /// <summary>A series with the identity of its kind and labels.</summary>
    public static Series Of(SeriesKind kind, string unit, Labels labels) => new(SeriesId.Of(kind, labels), kind, unit, labels);

    /// <summary>The metric's name; empty when the series has none.</summary>
    public string Name => Labels[LabelNames.MetricName] ?? "";

    /// <inheritdoc/>
    public bool Equals(Series? other) => other is not null && other.Id == Id;

    /// <inheritdoc/>
    public override int GetHashCode() => Id.GetHashCode();
}
