using Kpi.Rollups.Intake;

namespace Kpi.Tests.Dashboard;

public sealed class AdviceTests
{
    [Fact]
    public void The_page_knows_what_to_do_about_every_reason()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Kpi.sln")))
        {
            folder = folder.Parent!;
        }

        var advice = File.ReadAllText(Path.Combine(folder.FullName, "src", "Dashboard", "page", "src", "ingest", "advice.ts"));
        Assert.All(Enum.GetValues<RejectReason>().Select(IntakeTally.NameOf), name => Assert.True(
            advice.Contains($"  {name}: '", StringComparison.Ordinal) || advice.Contains($"reason === '{name}'", StringComparison.Ordinal), name));
    }
}
