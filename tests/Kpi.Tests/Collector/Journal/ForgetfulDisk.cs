using Kpi.Collector.Journal;

namespace Kpi.Tests.Collector.Journal;

/// <summary>A disk in memory that can lose its power, be full, and fail to sync.</summary>
internal sealed class ForgetfulDisk : IJournalDisk
{
    private const int Sector = 512;

    private readonly Dictionary<string, Content> files = [];
    private bool off;

    /// <summary>Bytes that still fit; what does not is written in part, as a real disk does.</summary>
    public long Room { get; set; } = long.MaxValue;

    public bool SyncFails { get; set; }

    public int Syncs { get; private set; }

    public void PowerOn() => off = false;

    public IReadOnlyList<string> List()
    {
        lock (files)
        {
            return [.. files.Keys];
        }
    }

    public IJournalFile Open(string name, long bytes)
    {
        lock (files)
        {
            RequirePower();
            if (!files.TryGetValue(name, out var content))
            {
                if (Room < bytes)
                {
                    throw new IOException("No space left on device");
                }

                files[name] = content = new Content();
            }

            return new Handle(this, content);
        }
    }

    public int Read(string name, ref byte[] buffer)
    {
        lock (files)
        {
            var bytes = files[name].Now;
            if (buffer.Length < bytes.Length)
            {
                buffer = new byte[bytes.Length];
            }

            bytes.CopyTo(buffer, 0);
            return bytes.Length;
        }
    }

    public void Rename(string from, string to)
    {
        lock (files)
        {
            files[to] = files[from];
            files.Remove(from);
        }
    }

    public void Delete(string name)
    {
        lock (files)
        {
            files.Remove(name);
        }
    }

    /// <summary>Of what was written and not synced, some sectors are there and some are not.</summary>
    public void LosePower(Random chance)
    {
        lock (files)
        {
            off = true;
            foreach (var content in files.Values)
            {
                var kept = content.Synced.ToArray();
                Array.Resize(ref kept, chance.Next(2) == 0 ? kept.Length : content.Now.Length);
                for (var at = 0; at < kept.Length; at += Sector)
                {
                    if (chance.Next(2) == 0)
                    {
                        var length = Math.Min(Sector, kept.Length - at);
                        Array.Copy(content.Now, at, kept, at, length);
                    }
                }

                content.Now = kept;
                content.Synced = kept.ToArray();
            }
        }
    }

    /// <summary>Changes a byte of a file, as rot does.</summary>
    public void Rot(string name, int offset)
    {
        lock (files)
        {
            files[name].Now[offset] ^= 0x5A;
        }
    }

    private void RequirePower()
    {
        if (off)
        {
            throw new IOException("no power");
        }
    }

    private sealed class Content
    {
        public byte[] Now = [];
        public byte[] Synced = [];
    }

    private sealed class Handle(ForgetfulDisk disk, Content content) : IJournalFile
    {
        public void Write(IReadOnlyList<ReadOnlyMemory<byte>> parts, long offset)
        {
            lock (disk.files)
            {
                disk.RequirePower();
                foreach (var part in parts)
                {
                    var fits = (int)Math.Min(part.Length, disk.Room);
                    if (content.Now.Length < offset + fits)
                    {
                        Array.Resize(ref content.Now, (int)offset + fits);
                    }

                    part.Span[..fits].CopyTo(content.Now.AsSpan((int)offset));
                    offset += fits;
                    if (fits < part.Length)
                    {
                        throw new IOException("No space left on device");
                    }
                }
            }
        }

        public void Sync()
        {
            lock (disk.files)
            {
                disk.RequirePower();
                if (disk.SyncFails)
                {
                    throw new IOException("Input/output error");
                }

                disk.Syncs++;
                content.Synced = content.Now.ToArray();
            }
        }

        public void Dispose()
        {
        }
    }
}
