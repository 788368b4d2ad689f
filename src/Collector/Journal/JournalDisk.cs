using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Kpi.Collector.Journal;

/// <summary>A folder of the file system.</summary>
internal sealed class JournalDisk(string folder) : IJournalDisk
{
    public IReadOnlyList<string> List() => Directory.Exists(folder)
        ? [.. Directory.EnumerateFiles(folder).Select(f => Path.GetFileName(f)).Where(SegmentName.IsOurs)]
        : [];

    public IJournalFile Open(string name, long bytes)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, name);
        if (File.Exists(path))
        {
            return new DiskFile(File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read));
        }

        try
        {
            var made = new DiskFile(File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read, preallocationSize: bytes));
            SyncFolder();
            return made;
        }
        catch (IOException)
        {
            // Half a file would take the little room that is left.
            File.Delete(path);
            throw;
        }
    }

    public int Read(string name, ref byte[] buffer)
    {
        using var file = File.OpenHandle(Path.Combine(folder, name));
        var length = (int)Math.Min(RandomAccess.GetLength(file), Array.MaxLength);
        if (buffer.Length < length)
        {
            buffer = GC.AllocateUninitializedArray<byte>(length);
        }

        var read = 0;
        while (read < length)
        {
            var got = RandomAccess.Read(file, buffer.AsSpan(read, length - read), read);
            if (got == 0)
            {
                break;
            }

            read += got;
        }

        return read;
    }

    public void Rename(string from, string to)
    {
        File.Move(Path.Combine(folder, from), Path.Combine(folder, to), overwrite: true);
        SyncFolder();
    }

    public void Delete(string name) => File.Delete(Path.Combine(folder, name));

    // A new name is on the disk only when its folder is; .NET opens no folders.
    private void SyncFolder()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        var handle = Libc.Open(folder, Libc.ReadOnly);
        if (handle < 0)
        {
            throw new IOException($"cannot open {folder}: error {Marshal.GetLastPInvokeError()}");
        }

        try
        {
            if (Libc.Fsync(handle) != 0)
            {
                throw new IOException($"cannot sync {folder}: error {Marshal.GetLastPInvokeError()}");
            }
        }
        finally
        {
            _ = Libc.Close(handle);
        }
    }

    private sealed class DiskFile(SafeFileHandle file) : IJournalFile
    {
        public void Write(IReadOnlyList<ReadOnlyMemory<byte>> parts, long offset) => RandomAccess.Write(file, parts, offset);

        public void Sync()
        {
            if (!OperatingSystem.IsLinux())
            {
                RandomAccess.FlushToDisk(file);
                return;
            }

            // Not fsync: the time of the last change need not survive, and writing it down costs as much as the rest.
            if (Libc.Fdatasync((int)file.DangerousGetHandle()) != 0)
            {
                throw new IOException($"cannot sync the journal: error {Marshal.GetLastPInvokeError()}");
            }
        }

        public void Dispose() => file.Dispose();
    }

    private static class Libc
    {
        public const int ReadOnly = 0;

        [DllImport("libc", EntryPoint = "open", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Open(string path, int flags);

        [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Fsync(int handle);

        [DllImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Fdatasync(int handle);

        [DllImport("libc", EntryPoint = "close")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Close(int handle);
    }
}
