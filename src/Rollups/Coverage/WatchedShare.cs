namespace Kpi.Rollups.Coverage;

/// <summary>How much of some time was watched. Shares of several sources add up.</summary>
/// <param name="Known">Slices in which what happened is known, 0 to <paramref name="Expected"/>.</param>
/// <param name="Expected">Slices in which it should be: since the first data, until the source was gone.</param>
public readonly record struct WatchedShare(long Known, long Expected)
{
    /// <summary>Known over expected, 0..1; null when nothing is expected: not yet, or no longer.</summary>
    public double? Ratio => Expected > 0 ? (double)Known / Expected : null;

    /// <summary>Both together.</summary>
    public static WatchedShare operator +(WatchedShare a, WatchedShare b) => a.Add(b);

    /// <summary>Both together.</summary>
    public WatchedShare Add(WatchedShare other) => new(Known + other.Known, Expected + other.Expected);
}
