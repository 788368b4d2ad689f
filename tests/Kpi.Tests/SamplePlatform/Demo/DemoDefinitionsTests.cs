using Kpi.SamplePlatform.Demo;
using Kpi.SamplePlatform.Load;

namespace Kpi.Tests.SamplePlatform.Demo;

public sealed class DemoDefinitionsTests : IDisposable
{
    private readonly Dummies dummies = new();

    [Theory]
    [InlineData("1k", "users: 1000")]
    [InlineData("100k", "users: 100000")]
    [InlineData("1m", "users: 1000000")]
    public void The_copy_of_the_definitions_stands_at_the_presets_tier_and_counts_the_shop(string users, string line)
    {
        var from = Alerts();
        var to = Path.Combine(dummies.Parent, "alerts");

        DemoDefinitions.Copy(from, to, LoadPreset.Find(users)!);

        Assert.All(Changes(from, to, "tiers.yaml"), changed => Assert.Contains(changed, new[] { $"current: {users}", line }));
        Assert.Contains(line, File.ReadAllLines(Path.Combine(to, "tiers.yaml")));
        Assert.Contains($"current: {users}", File.ReadAllLines(Path.Combine(to, "tiers.yaml")));
        Assert.Equal(["entryServices: [shop]"], Changes(from, to, "kpis.yaml"));
    }

    [Fact]
    public void A_value_of_several_lines_is_replaced_whole() => Assert.Equal(
        ["a: 1", "entryServices: [shop]", "# about b", "b:", "  - c"],
        DemoDefinitions.Set(["a: 1", "entryServices:", "  - web", "- api", "# about b", "b:", "  - c"], "entryServices", "[shop]"));

    [Fact]
    public void A_key_that_is_missing_or_doubled_is_said()
    {
        Assert.Throws<DemoException>(() => DemoDefinitions.Set(["a: 1"], "users", "1"));
        Assert.Throws<DemoException>(() => DemoDefinitions.Set(["users: 1", "users: 2"], "users", "1"));
        var to = Path.Combine(dummies.Parent, "x");
        var nothing = Assert.Throws<DemoException>(() => DemoDefinitions.Copy(dummies.Parent, to, LoadPreset.All[0]));
        Assert.StartsWith("--alerts: tiers.yaml", nothing.Message, StringComparison.Ordinal);
    }

    public void Dispose() => dummies.Dispose();

    private static IEnumerable<string> Changes(string from, string to, string file)
    {
        var before = File.ReadAllLines(Path.Combine(from, file));
        var after = File.ReadAllLines(Path.Combine(to, file));
        Assert.Equal(before.Length, after.Length);
        return after.Where((line, at) => line != before[at]);
    }

    private static string Alerts()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Kpi.sln")))
        {
            folder = folder.Parent!;
        }

        return Path.Combine(folder.FullName, "alerts");
    }
}
