namespace Kpi.Collector.Import;

/// <summary>Reads every file to its end before anything is counted, so that a damaged one costs nothing but the time to read it.</summary>
internal sealed class FileCheck(int mostBytes, Action<long> read)
{
    /// <summary>The files in the order given, known by their content.</summary>
    /// <exception cref="InvalidDataException">One is damaged, or given twice.</exception>
    /// <exception cref="IOException">One cannot be read.</exception>
    public IReadOnlyList<CheckedFile> Run(IReadOnlyList<ImportFile> files, CancellationToken cancellation)
    {
        var found = new Dictionary<FileContent, CheckedFile>();
        foreach (var file in files)
        {
            cancellation.ThrowIfCancellationRequested();
            var sound = Check(file);
            if (!found.TryAdd(sound.Content, sound))
            {
                throw new InvalidDataException(
                    $"{file.Path} has the same content as {found[sound.Content].Path}; it would be counted twice");
            }
        }

        return [.. found.Values];
    }

    private CheckedFile Check(ImportFile file)
    {
        using var bodies = BodyFile.Open(file.Path, mostBytes, read);
        while (bodies.TryRead(out _))
        {
        }

        return new CheckedFile(file.Path, new FileContent(file.Signal, Convert.ToHexStringLower(bodies.TakeDigest())));
    }
}
