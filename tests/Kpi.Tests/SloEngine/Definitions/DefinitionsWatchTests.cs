using Kpi.SloEngine.Definitions;

namespace Kpi.Tests.SloEngine.Definitions;

public sealed class DefinitionsWatchTests : IDisposable
{
    private readonly AlertsFolder folder = new();
    private readonly DefinitionsWatch watch;

    public DefinitionsWatchTests() => watch = new DefinitionsWatch(new DefinitionsReader(_ => null), folder.FullName, folder.Read());

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Unchanged_files_publish_nothing()
    {
        var before = watch.Status;
        Assert.False(watch.Poll());
        File.SetLastWriteTimeUtc(folder.PathOf("kpis.yaml"), new DateTime(2026, 11, 18, 0, 0, 0, DateTimeKind.Utc));
        Assert.False(watch.Poll());
        Assert.Same(before, watch.Status);
        Assert.Equal(1, before.Version);
    }

    [Fact]
    public void An_edit_is_taken_over()
    {
        folder.Write("kpis.yaml", AlertsFolder.Kpis.Replace("200ms", "300ms"));
        Assert.True(watch.Poll());
        Assert.Equal((2, 0.3), (watch.Status.Version, LatencyTarget()));
    }

    [Fact]
    public void An_edit_that_keeps_length_and_time_is_seen()
    {
        var path = folder.PathOf("kpis.yaml");
        var written = File.GetLastWriteTimeUtc(path);
        folder.Write("kpis.yaml", AlertsFolder.Kpis.Replace("200ms", "300ms"));
        File.SetLastWriteTimeUtc(path, written);
        Assert.True(watch.Poll());
        Assert.Equal(0.3, LatencyTarget());
    }

    [Fact]
    public void A_broken_file_keeps_the_last_good_version_and_says_why()
    {
        folder.Write("kpis.yaml", AlertsFolder.Kpis.Replace("200ms", "fast"));
        Assert.True(watch.Poll());
        Assert.False(watch.Poll());
        Assert.Equal((1, 0.2), (watch.Status.Version, LatencyTarget()));
        Assert.Equal((12, 19), Assert.Single(watch.Status.Problems) is var problem ? (problem.Line, problem.Column) : default);
    }

    [Fact]
    public void Another_mistake_replaces_the_first()
    {
        folder.Write("kpis.yaml", AlertsFolder.Kpis.Replace("200ms", "fast"));
        watch.Poll();
        File.Delete(folder.PathOf("kpis.yaml"));
        Assert.True(watch.Poll());
        Assert.Equal("the file is missing", Assert.Single(watch.Status.Problems).Message);
        Assert.Equal(0.2, LatencyTarget());
    }

    [Fact]
    public void A_mended_file_clears_the_problems()
    {
        folder.Write("kpis.yaml", AlertsFolder.Kpis.Replace("200ms", "fast"));
        watch.Poll();
        folder.Write("kpis.yaml", AlertsFolder.Kpis.Replace("200ms", "250ms"));
        Assert.True(watch.Poll());
        Assert.Empty(watch.Status.Problems);
        Assert.Equal((2, 0.25), (watch.Status.Version, LatencyTarget()));
    }

    [Fact]
    public void An_edit_taken_back_clears_the_problems_and_is_no_new_version()
    {
        folder.Write("tiers.yaml", "current: [");
        watch.Poll();
        folder.Write("tiers.yaml", AlertsFolder.Tiers);
        Assert.True(watch.Poll());
        Assert.Empty(watch.Status.Problems);
        Assert.Equal(1, watch.Status.Version);
    }

    [Fact]
    public void A_watch_does_not_start_from_broken_files()
    {
        using var broken = new AlertsFolder(kpis: "");
        Assert.Throws<ArgumentException>(() => new DefinitionsWatch(new DefinitionsReader(_ => null), broken.FullName, broken.Read()));
    }

    private double LatencyTarget() => watch.Status.Current.Kpis.Kpis[0].Targets["1k"];
}
