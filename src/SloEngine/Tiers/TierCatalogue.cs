namespace Kpi.SloEngine.Tiers;

/// <summary>The tiers, smallest first, and where the platform stands; the model of <c>tiers.yaml</c>.</summary>
/// <param name="tiers">At least one, in ascending order of users.</param>
/// <param name="stated">The one that the file names; of <paramref name="tiers"/>.</param>
/// <param name="users">Monthly active users; null when nobody stated them.</param>
public sealed class TierCatalogue(IReadOnlyList<Tier> tiers, Tier stated, long? users)
{
    /// <summary>All tiers, smallest first.</summary>
    public IReadOnlyList<Tier> Tiers { get; } = tiers;

    /// <summary>Monthly active users as stated in the file; null when nobody stated them.</summary>
    public long? Users { get; } = users;

    /// <summary>The tier whose targets apply: from the users when they are known, else the one the file names.</summary>
    public Tier Current => Users is { } users ? TierFor(users) : stated;

    /// <summary>The tier that the platform grows into; null at the largest.</summary>
    public Tier? Next => Tiers.FirstOrDefault(tier => tier.Users > Current.Users);

    /// <summary>The contract (step) view: the highest tier already reached; below the first one its targets apply all the same.</summary>
    public Tier TierFor(long users) => Tiers.LastOrDefault(tier => tier.Users <= users) ?? Tiers[0];
}
