using System.Text;
using Kpi.Collector.Journal;

namespace Kpi.Collector.Import;

/// <summary>The folder of records, one small file for each file set that was ever begun, named by its writer.</summary>
internal sealed class ImportRecords(string folder)
{
    private const string Suffix = ".import";

    /// <summary>The record of a file set; made, durably, when there is none yet.</summary>
    public ImportRecord GetOrAdd(Guid writer, ImportRecord made)
    {
        var path = Path.Combine(folder, writer + Suffix);
        if (File.Exists(path))
        {
            return ImportRecord.Parse(File.ReadAllText(path), path);
        }

        // Whoever is interrupted here leaves a half file of another name, which the next run replaces.
        Directory.CreateDirectory(folder);
        var disk = new JournalDisk(folder);
        var text = Encoding.ASCII.GetBytes(made.Format());
        var half = writer + ".new";
        File.Delete(Path.Combine(folder, half));
        using (var file = disk.Open(half, text.Length))
        {
            file.Write([text], 0);
            file.Sync();
        }

        disk.Rename(half, writer + Suffix);
        return made;
    }

    /// <summary>The other file sets that hold one of these contents.</summary>
    public IEnumerable<(Guid Writer, ImportRecord Record)> Overlapping(Guid writer, IReadOnlyCollection<FileContent> files)
    {
        if (!Directory.Exists(folder))
        {
            yield break;
        }

        foreach (var path in Directory.EnumerateFiles(folder, "*" + Suffix).Order(StringComparer.Ordinal))
        {
            if (Guid.TryParse(Path.GetFileNameWithoutExtension(path), out var other) && other != writer
                && ImportRecord.Parse(File.ReadAllText(path), path) is var record && record.Files.Any(files.Contains))
            {
                yield return (other, record);
            }
        }
    }
}
