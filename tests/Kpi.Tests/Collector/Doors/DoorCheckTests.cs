using Kpi.Collector;
using Kpi.Collector.Doors;

namespace Kpi.Tests.Collector.Doors;

public sealed class DoorCheckTests
{
    [Theory]
    [InlineData("x-team", true)]
    [InlineData("X_Team.1", true)]
    [InlineData("", false)]
    [InlineData("x team", false)]
    [InlineData("x-team:", false)]
    [InlineData("x\r\ny", false)]
    [InlineData("h\u00fc", false)]
    public void A_header_of_pages_has_a_name_that_a_header_can_have(string name, bool good)
    {
        var problems = DoorCheck.ProblemsOf(new CollectorOptions { CorsHeaders = { name } }).ToList();
        Assert.Equal(good, problems.Count == 0);
        Assert.All(problems, p => Assert.StartsWith("--cors-header: ", p, StringComparison.Ordinal));
    }
}
