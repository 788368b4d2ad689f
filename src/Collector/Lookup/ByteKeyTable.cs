using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Kpi.Collector.Lookup;

/// <summary>
/// Maps byte strings to numbers. Many threads look up without a lock or an allocation; additions take a lock. Holds at most the
/// entries it was made for; then additions are refused and callers go the slow way each time.
/// </summary>
/// <remarks>
/// Open addressing, at most half full. An entry's hash is written last, so a reader sees whole entries or none; growing makes a
/// new table and leaves the old one to its readers. The hash is seeded per process, so that nobody can choose keys that collide.
/// </remarks>
internal sealed class ByteKeyTable(int mostEntries)
{
    private readonly Lock gate = new();
    private readonly ulong seed = (ulong)Random.Shared.NextInt64();
    private volatile Table table = new(256, 16 * 1024);

    public bool TryGet(ReadOnlySpan<byte> key, out long value) => table.TryGet(key, Hash(key), out value);

    /// <summary>Remembers a key, or its new value; false when the table is full.</summary>
    public bool TrySet(ReadOnlySpan<byte> key, long value)
    {
        var hash = Hash(key);
        lock (gate)
        {
            var current = table;
            if (current.TryReplace(key, hash, value))
            {
                return true;
            }

            if (current.Count >= mostEntries)
            {
                return false;
            }

            if (!current.HasRoomFor(key.Length))
            {
                current = table = current.Grown(key.Length);
            }

            current.Add(key, hash, value);
            return true;
        }
    }

    // Multiplies 64 bits into 128 and folds them, 16 bytes at a time: the mixing step of the wyhash family.
    private ulong Hash(ReadOnlySpan<byte> key)
    {
        const ulong OddA = 0xA076_1D64_78BD_642F;
        const ulong OddB = 0xE703_7ED1_A0B4_28DB;
        ref var start = ref MemoryMarshal.GetReference(key);
        var hash = seed ^ ((ulong)key.Length * OddB);
        var at = 0;
        for (; at + 16 <= key.Length; at += 16)
        {
            hash = Fold(Word(ref start, at) ^ OddA ^ hash, Word(ref start, at + 8) ^ OddB);
        }

        ulong low = 0, high = 0;
        var left = key.Length - at;
        if (left >= 8)
        {
            low = Word(ref start, at);
            high = Word(ref start, key.Length - 8);
        }
        else
        {
            for (var i = 0; i < left; i++)
            {
                low = (low << 8) | Unsafe.Add(ref start, at + i);
            }
        }

        hash = Fold(low ^ OddA ^ hash, high ^ OddB);
        return hash == 0 ? 1 : hash;
    }

    private static ulong Word(ref byte start, int at) => Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, at));

    private static ulong Fold(ulong a, ulong b)
    {
        var high = Math.BigMul(a, b, out var low);
        return high ^ low;
    }

    private struct Entry
    {
        public ulong Hash;
        public int Offset;
        public int Length;
        public long Value;
    }

    private sealed class Table(int capacity, int bytes)
    {
        private readonly Entry[] entries = new Entry[capacity];
        private readonly byte[] arena = new byte[bytes];
        private int used;
        private int count;

        public int Count => Volatile.Read(ref count);

        public bool TryGet(ReadOnlySpan<byte> key, ulong hash, out long value)
        {
            var at = Find(key, hash);
            value = at < 0 ? 0 : Volatile.Read(ref entries[at].Value);
            return at >= 0;
        }

        public bool TryReplace(ReadOnlySpan<byte> key, ulong hash, long value)
        {
            var at = Find(key, hash);
            if (at >= 0)
            {
                Volatile.Write(ref entries[at].Value, value);
            }

            return at >= 0;
        }

        private int Find(ReadOnlySpan<byte> key, ulong hash)
        {
            var mask = entries.Length - 1;
            for (var at = (int)hash & mask; ; at = (at + 1) & mask)
            {
                ref var entry = ref entries[at];
                var found = Volatile.Read(ref entry.Hash);
                if (found == hash && key.SequenceEqual(arena.AsSpan(entry.Offset, entry.Length)))
                {
                    return at;
                }

                if (found == 0)
                {
                    return -1;
                }
            }
        }

        public bool HasRoomFor(int length) => (count + 1) * 2 <= entries.Length && arena.Length - used >= length;

        public void Add(ReadOnlySpan<byte> key, ulong hash, long value)
        {
            key.CopyTo(arena.AsSpan(used));
            Place(hash, used, key.Length, value);
            used += key.Length;
        }

        public Table Grown(int length)
        {
            // Keys are never taken out: half as much again is room enough.
            var room = Math.Max(arena.Length, used + length + ((used + length) / 2));
            var grown = new Table((count + 1) * 2 > entries.Length ? entries.Length * 2 : entries.Length, room);
            arena.AsSpan(0, used).CopyTo(grown.arena);
            grown.used = used;
            foreach (var entry in entries)
            {
                if (entry.Hash != 0)
                {
                    grown.Place(entry.Hash, entry.Offset, entry.Length, entry.Value);
                }
            }

            return grown;
        }

        private void Place(ulong hash, int offset, int length, long value)
        {
            var mask = entries.Length - 1;
            var at = (int)hash & mask;
            while (entries[at].Hash != 0)
            {
                at = (at + 1) & mask;
            }

            ref var entry = ref entries[at];
            entry.Offset = offset;
            entry.Length = length;
            entry.Value = value;
            Volatile.Write(ref entry.Hash, hash);
            Volatile.Write(ref count, count + 1);
        }
    }
}
