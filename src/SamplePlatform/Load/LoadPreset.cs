using Kpi.SamplePlatform.Shop.Seeding;

namespace Kpi.SamplePlatform.Load;

/// <summary>The traffic of a platform of one size.</summary>
/// <param name="Name">How the command line calls it; also the id of the tier that this size belongs to.</param>
/// <param name="Users">Monthly active users.</param>
/// <param name="Tenants">Seeded tenants, with ids from 1.</param>
internal sealed record LoadPreset(string Name, int Users, int Tenants)
{
    // 300 requests a user and month of 30 days, and a peak of five times the mean: what the platform must hold when it is busy.
    private const double RequestsPerUserAndMonth = 300;
    private const double PeakOverMean = 5;
    private const double SecondsPerMonth = 30 * 86_400;

    public static IReadOnlyList<LoadPreset> All { get; } =
        [new("1k", 1_000, 20), new("100k", 100_000, 200), new("1m", 1_000_000, 1_000)];

    /// <summary>0.58, 58 and 580 requests a second.</summary>
    public double RequestsPerSecond => Users * RequestsPerUserAndMonth * PeakOverMean / SecondsPerMonth;

    /// <summary>How much more popular the first tenant or product is than the next: the k-th has 1 / k to this power.</summary>
    public double ZipfExponent { get; } = 0.99;

    /// <summary>What a shop of this size holds before its first request: the keys that the users ask for.</summary>
    public SeedPlan Seed => new(Tenants, Users, ProductsPerTenant: 100, ZipfExponent);

    public static LoadPreset? Find(string name) => All.FirstOrDefault(p => p.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}
