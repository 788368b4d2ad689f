namespace Kpi.SloEngine.Tiers;

/// <summary>A size of platform that has its own targets.</summary>
/// <param name="Id">Key of the targets: <c>1k</c>, <c>100k</c>, <c>1m</c>.</param>
/// <param name="Users">Monthly active users from which the tier applies.</param>
/// <param name="Name">As the page writes it: 1M.</param>
public sealed record Tier(string Id, long Users, string Name);
