namespace Kpi.EndToEnd.Server;

/// <summary>A folder for one test: the server's data and its own copy of the definitions. Deleted at the end.</summary>
internal sealed class KpiFolder : IDisposable
{
    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("kpi-e2e-");

    public KpiFolder()
    {
        Directory.CreateDirectory(Alerts);
        foreach (var file in Directory.GetFiles(BuiltProgram.Alerts))
        {
            File.Copy(file, Path.Combine(Alerts, Path.GetFileName(file)));
        }
    }

    public string Root => root.FullName;

    public string Data => Path.Combine(Root, "data");

    public string Alerts => Path.Combine(Root, "alerts");

    public string KpisFile => Path.Combine(Alerts, "kpis.yaml");

    public void Dispose() => root.Delete(recursive: true);
}
