using Kpi.Collector.Retries;

namespace Kpi.Collector.Journal;

/// <summary>Where a journal lies: its segments, and the key that its digests were made with.</summary>
internal sealed class JournalFolder(string path)
{
    private const string KeyFile = "digest.key";

    public IJournalDisk Disk { get; } = new JournalDisk(path);

    /// <summary>The key, made at the first start. A key that is lost costs no more than knowing earlier bodies again.</summary>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public byte[] Key() => FolderKey.Of(path, KeyFile, BodyDigest.KeyBytes);
}
