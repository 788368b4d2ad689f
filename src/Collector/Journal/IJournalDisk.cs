namespace Kpi.Collector.Journal;

/// <summary>The files of a journal. One is the disk, the other, in tests, a disk that loses what was not synced.</summary>
internal interface IJournalDisk
{
    /// <summary>Names of the journal's files, in no order.</summary>
    IReadOnlyList<string> List();

    /// <summary>Opens a file, making it with room for <paramref name="bytes"/> when it is new; its name is then durable.</summary>
    /// <exception cref="IOException">No room.</exception>
    IJournalFile Open(string name, long bytes);

    /// <summary>A file's bytes, into a buffer that is grown when it must be; returns how many.</summary>
    int Read(string name, ref byte[] buffer);

    /// <summary>Renames, durably; what had the name is gone.</summary>
    void Rename(string from, string to);

    void Delete(string name);
}

/// <summary>An open file of the journal; used by one thread at a time.</summary>
internal interface IJournalFile : IDisposable
{
    /// <exception cref="IOException">Written in part or not at all.</exception>
    void Write(IReadOnlyList<ReadOnlyMemory<byte>> parts, long offset);

    /// <summary>Returns when all that was written survives a power cut.</summary>
    void Sync();
}
