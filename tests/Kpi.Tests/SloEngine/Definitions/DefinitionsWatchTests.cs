using Kpi.SloEngine.Definitions;

namespace Kpi.Tests.SloEngine.Definitions;

public sealed class DefinitionsWatchTests : IDisposable
{
    private readonly AlertsFolder _folder = new();
    private readonly DefinitionsWatch _watch;

    public DefinitionsWatchTests() => _watch = new DefinitionsWatch(new DefinitionsReader(_ => null), _folder.FullName, _folder.Read());

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Unchanged_files_publish_nothing()
    {
        var before = _watch.Status;
        Assert.False(_watch.Poll());
        File.SetLastWriteTimeUtc(_folder.PathOf("kpis.yaml"), new DateTime(2026, 11, 18, 0, 0, 0, DateTimeKind.Utc));
        Assert.False(_watch.Poll());
        Assert.Same(before, _watch.Status);
        Assert.Equal(1, before.Version);
    }

    [Fact]
    public void An_edit_is_taken_over()
    {
        _folder.Write("kpis.yaml", AlertsFolder.Kpis.Replace("200ms", "300ms"));
        Assert.True(_watch.Poll());
        Assert.Equal((2, 0.3), (_watch.Status.Version, LatencyTarget()));
    }

    [Fact]
    public void An_edit_that_keeps_length_and_time_is_seen()
    {
        var path = _folder.PathOf("kpis.yaml");
        var written = File.GetLastWriteTimeUtc(path);
        _folder.Write("kpis.yaml", AlertsFolder.Kpis.Replace("200ms", "300ms"));
        File.SetLastWriteTimeUtc(path, written);
        Assert.True(_watch.Poll());
        Assert.Equal(0.3, LatencyTarget());
    }

    [Fact]
    public void A_broken_file_keeps_the_last_good_version_and_says_why()
    {
        _folder.Write("kpis.yaml", AlertsFolder.Kpis.Replace("200ms", "fast"));
        Assert.True(_watch.Poll());
        Assert.False(_watch.Poll());
        Assert.Equal((1, 0.2), (_watch.Status.Version, LatencyTarget()));
        Assert.Equal((12, 19), Assert.Single(_watch.Status.Problems) is var problem ? (problem.Line, problem.Column) : default);
    }

    [Fact]
    public void Another_mistake_replaces_the_first()
    {
        _folder.Write("kpis.yaml", AlertsFolder.Kpis.Replace("200ms", "fast"));
        _watch.Poll();
        File.Delete(_folder.PathOf("kpis.yaml"));
        Assert.True(_watch.Poll());
        Assert.Equal("the file is missing", Assert.Single(_watch.Status.Problems).Message);
        Assert.Equal(0.2, LatencyTarget());
    }

    [Fact]
    public void A_mended_file_clears_the_problems()
    {
        _folder.Write("kpis.yaml", AlertsFolder.Kpis.Replace("200ms", "fast"));
        _watch.Poll();
        _folder.Write("kpis.yaml", AlertsFolder.Kpis.Replace("200ms", "250ms"));
        Assert.True(_watch.Poll());
        Assert.Empty(_watch.Status.Problems);
        Assert.Equal((2, 0.25), (_watch.Status.Version, LatencyTarget()));
    }

    [Fact]
    public void An_edit_taken_back_clears_the_problems_and_is_no_new_version()
    {
        _folder.Write("tiers.yaml", "current: [");
        _watch.Poll();
        _folder.Write("tiers.yaml", AlertsFolder.Tiers);
        Assert.True(_watch.Poll());
        Assert.Empty(_watch.Status.Problems);
        Assert.Equal(1, _watch.Status.Version);
    }

    [Fact]
    public void A_watch_does_not_start_from_broken_files()
    {
        using var broken = new AlertsFolder(kpis: "");
        Assert.Throws<ArgumentException>(() => new DefinitionsWatch(new DefinitionsReader(_ => null), broken.FullName, broken.Read()));
    }

    private double LatencyTarget() => _watch.Status.Current.Kpis.Kpis[0].Targets["1k"];
}
