using System.Globalization;
using Kpi.Collector;

namespace Kpi.Program.Serve;

/// <summary>The data folder, held by one process at a time, and the id under which that process writes.</summary>
internal sealed class DataFolder : IDisposable
{
    private readonly FileStream held;

    private DataFolder(string path, FileStream held, Guid writer)
    {
        Path = path;
        this.held = held;
        Writer = writer;
    }

    public string Path { get; }

    /// <summary>The same as long as the folder lives, so that a flush is recognised after a restart.</summary>
    public Guid Writer { get; }

    /// <summary>File of the rollups.</summary>
    public string Rollups => System.IO.Path.Combine(Path, "rollups.db");

    /// <summary>Folder of the journal.</summary>
    public string Journal => System.IO.Path.Combine(Path, "journal");

    /// <summary>Folder of the records of imports.</summary>
    public string Imports => System.IO.Path.Combine(Path, "imports");

    /// <summary>By which values of labels are hashed (<c>labels.yaml</c>).</summary>
    public byte[] LabelKey => FolderKey.Of(Path, "labels.key", bytes: 32);

    /// <exception cref="IOException">Another process holds the folder, or it cannot be written.</exception>
    public static DataFolder Open(string path)
    {
        Directory.CreateDirectory(path);
        var file = Hold(System.IO.Path.Combine(path, "writer"));
        try
        {
            using var reader = new StreamReader(file, leaveOpen: true);
            if (Guid.TryParse(reader.ReadToEnd(), CultureInfo.InvariantCulture, out var writer))
            {
                return new DataFolder(path, file, writer);
            }

            writer = Guid.NewGuid();
            file.SetLength(0);
            file.Write(System.Text.Encoding.ASCII.GetBytes(writer + "\n"));
            file.Flush(flushToDisk: true);
            return new DataFolder(path, file, writer);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public void Dispose() => held.Dispose();

    private static FileStream Hold(string file)
    {
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException held) when (File.Exists(file))
        {
            throw new IOException($"--{ServeSettings.Data}: another kpi works in {System.IO.Path.GetDirectoryName(file)} ({held.Message})", held);
        }
    }
}
