using Kpi.SloEngine.Tiers;

namespace Kpi.Tests.SloEngine.Tiers;

public sealed class TierCatalogueTests
{
    private static readonly Tier[] Tiers = [new("1k", 1_000, "1k"), new("100k", 100_000, "100k"), new("1m", 1_000_000, "1M")];

    [Theory]
    [InlineData(0, "1k", "100k")]
    [InlineData(999, "1k", "100k")]
    [InlineData(1_000, "1k", "100k")]
    [InlineData(99_999, "1k", "100k")]
    [InlineData(100_000, "100k", "1m")]
    [InlineData(999_999, "100k", "1m")]
    [InlineData(1_000_000, "1m", null)]
    [InlineData(5_000_000, "1m", null)]
    public void The_tier_is_the_highest_already_reached(long users, string current, string? next)
    {
        var catalogue = new TierCatalogue(Tiers, Tiers[2], users);
        Assert.Equal((current, next), (catalogue.Current.Id, catalogue.Next?.Id));
    }

    [Fact]
    public void Without_users_the_file_names_the_tier()
    {
        var catalogue = new TierCatalogue(Tiers, Tiers[1], users: null);
        Assert.Equal(("100k", "1m"), (catalogue.Current.Id, catalogue.Next!.Id));
    }
}
