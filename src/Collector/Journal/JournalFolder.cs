using System.Security.Cryptography;
using Kpi.Collector.Retries;

namespace Kpi.Collector.Journal;

/// <summary>Where a journal lies: its segments, and the key that its digests were made with.</summary>
internal sealed class JournalFolder(string path)
{
    private const string KeyFile = "digest.key";

    public IJournalDisk Disk { get; } = new JournalDisk(path);

    /// <summary>The key, made at the first start. A key that is lost costs no more than knowing earlier bodies again.</summary>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public byte[] Key()
    {
        Directory.CreateDirectory(path);
        var file = Path.Combine(path, KeyFile);
        if (File.Exists(file) && File.ReadAllBytes(file) is { Length: BodyDigest.KeyBytes } known)
        {
            return known;
        }

        var made = RandomNumberGenerator.GetBytes(BodyDigest.KeyBytes);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var stream = new FileStream(file, options);
        stream.Write(made);
        stream.Flush(flushToDisk: true);
        return made;
    }
}
