using System.Text;
using Kpi.PromQl;
using Kpi.SloEngine.Definitions;
using Kpi.SloEngine.Kpis;

namespace Kpi.Tests.SloEngine.Definitions;

public sealed class DefinitionsReaderTests
{
    [Fact]
    public void Good_files_give_definitions()
    {
        using var folder = new AlertsFolder();
        var reading = folder.Read();
        Assert.Empty(reading.Problems);
        var (kpis, tiers) = reading.Definitions!;
        Assert.Equal(["gateway"], kpis.EntryServices);
        Assert.Equal(["/health"], kpis.ExcludedRoutes);
        Assert.True(kpis.ExcludeSynthetic);
        Assert.Equal(["p99_latency", "uptime"], kpis.Kpis.Select(kpi => kpi.Id));
        Assert.Equal(0.2, kpis.Kpis[0].Targets["1k"]);
        Assert.Equal(0.999, kpis.Kpis[1].Targets["1k"]);
        Assert.Equal("1k", tiers.Current.Id);
    }

    [Fact]
    public void Missing_files_are_named()
    {
        using var folder = new AlertsFolder();
        File.Delete(folder.PathOf("kpis.yaml"));
        File.Delete(folder.PathOf("tiers.yaml"));
        Assert.Equal(
            ["kpis.yaml:1:1: the file is missing", "tiers.yaml:1:1: the file is missing"],
            folder.Read().Problems.Select(problem => problem.ToString()));
    }

    [Fact]
    public void A_missing_folder_is_no_exception() =>
        Assert.Equal(2, new DefinitionsReader(_ => null).Read(Path.Combine(Path.GetTempPath(), "kpi-no-such-folder")).Problems.Count);

    [Fact]
    public void A_file_over_one_mebibyte_is_refused()
    {
        using var folder = new AlertsFolder(kpis: AlertsFolder.Kpis + "\n" + new string('#', DefinitionFile.MaxBytes));
        Assert.Equal("kpis.yaml:1:1: the file is larger than 1,048,576 bytes", Assert.Single(folder.Read().Problems).ToString());
    }

    [Fact]
    public void A_file_of_exactly_one_mebibyte_is_read()
    {
        var rest = DefinitionFile.MaxBytes - Encoding.UTF8.GetByteCount(AlertsFolder.Kpis) - 1;
        using var folder = new AlertsFolder(kpis: AlertsFolder.Kpis + "\n" + new string('#', rest));
        Assert.Empty(folder.Read().Problems);
    }

    [Fact]
    public void A_byte_order_mark_does_no_harm()
    {
        using var folder = new AlertsFolder(kpis: '\uFEFF' + AlertsFolder.Kpis);
        Assert.Empty(folder.Read().Problems);
    }

    [Fact]
    public void Bytes_that_are_not_UTF8_are_refused()
    {
        using var folder = new AlertsFolder();
        File.WriteAllBytes(folder.PathOf("tiers.yaml"), [.. "version: "u8, 0xff, 0xfe]);
        Assert.Equal("tiers.yaml:1:1: the file is not UTF-8", Assert.Single(folder.Read().Problems).ToString());
    }

    [Fact]
    public void Mistakes_in_one_file_do_not_hide_those_in_the_other()
    {
        using var folder = new AlertsFolder(
            AlertsFolder.Kpis.Replace("200ms", "200"), AlertsFolder.Tiers.Replace("current: 1k", "current: 2k"));
        Assert.Equal(
            [
                "kpis.yaml:12:19: a duration is a number with ms, s, min or h, such as 200ms; found '200'",
                "tiers.yaml:2:10: 'current' names no tier: '2k' is none of 1k, 1m",
            ],
            folder.Read().Problems.Select(problem => problem.ToString()));
    }

    [Theory]
    [InlineData(63, 0)]
    [InlineData(64, 1)]
    public void No_more_durations_than_can_be_counted_exactly(int more, int problems)
    {
        var kpis = string.Concat(Enumerable.Range(1, more / 2).Select(i => $"""

              - id: more_{i}
                name: More
                unit: s
                kind: quantile
                metrics: [x]
                quantile: 0.99
                targets: {"{"}1k: {1_000 + i}ms, 1m: {300 + i}ms{"}"}
            """));
        using var folder = new AlertsFolder(AlertsFolder.Kpis + kpis);
        var found = folder.Read().Problems.Select(p => p.ToString()).ToList();
        Assert.Equal(problems, found.Count);
        Assert.All(found, p => Assert.Equal(
            "kpis.yaml:1:1: targets and guards name 66 different durations; at most 64 can be counted exactly", p));
    }

    [Fact]
    public void Selectors_are_checked_by_whoever_knows_them()
    {
        using var folder = new AlertsFolder();
        var reading = new DefinitionsReader(text => text.Contains("http", StringComparison.Ordinal) ? "expected a name" : null)
            .Read(folder.FullName);
        Assert.Equal("kpis.yaml:10:15: not a selector: expected a name", Assert.Single(reading.Problems).ToString());
    }

    /// <summary>The files we ship, with the eight KPIs in the order of the page and the targets that the mission states.</summary>
    [Fact]
    public void The_shipped_files_hold_the_eight_KPIs()
    {
        var reading = new DefinitionsReader(text => SelectorParser.TryParse(text, out _, out var error) ? null : error.ToString())
            .Read(ShippedAlerts());
        Assert.Empty(reading.Problems);
        Assert.Equal(
            [
                "p99_latency s 0.2 0.15 0.1",
                "uptime 1 0.999 0.9995 0.9999",
                "error_rate 1 0.01 0.001 0.0001",
                "mttr s 3600 900 300",
                "db_query_time s 0.05 0.02 0.01",
                "cache_hit_ratio 1 0.8 0.9 0.95",
                "monthly_churn 1 0.05 0.03 0.015",
                "infra_cost_per_user USD 2.5 0.5 0.08",
            ],
            reading.Definitions!.Kpis.Kpis.Select(k => $"{k.Id} {k.Unit} {k.Targets["1k"]} {k.Targets["100k"]} {k.Targets["1m"]}"));
        Assert.Equal([0.1, 0.15, 0.2], reading.Definitions.Kpis.Kpis[0].ExactEdges);
        Assert.Equal([0.01, 0.02, 0.025, 0.05, 0.125], reading.Definitions.Kpis.Kpis[4].ExactEdges);
        Assert.Equal("queries", Assert.IsType<QuantileRule>(reading.Definitions.Kpis.Kpis[4].Rule).Counted);
        Assert.Equal("db.client.connection.pool.name", Assert.IsType<QuantileRule>(reading.Definitions.Kpis.Kpis[4].Rule).WorstBy);
        Assert.Equal(["L1", "L2"], Assert.IsType<CacheHitRule>(reading.Definitions.Kpis.Kpis[5].Rule).Layers.Select(layer => layer.Name));
        Assert.Equal("1k", reading.Definitions.Tiers.Current.Id);
    }

    private static string ShippedAlerts()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory!.FullName, "Kpi.sln")))
        {
            directory = directory.Parent;
        }

        return Path.Combine(directory.FullName, "alerts");
    }
}
