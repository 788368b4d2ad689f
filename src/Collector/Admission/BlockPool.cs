using System.Buffers;
using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;

namespace Kpi.Collector.Admission;

/// <summary>
/// Blocks of 64 KB for Kestrel's reads. Its own are 4 KB: a batch of 180 KB then takes 45 reads and as many segments to copy; a
/// trial halved the CPU of reading with these. Keeps at most <see cref="MostIdle"/> blocks (16 MB) for reuse.
/// </summary>
internal sealed class BlockPool : MemoryPool<byte>
{
    private const int BlockBytes = 64 << 10;
    private const int MostIdle = 256;

    private readonly ConcurrentQueue<Block> idle = new();

    public override int MaxBufferSize => BlockBytes;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BlockBytes);
        return idle.TryDequeue(out var block) ? block : new Block(this);
    }

    protected override void Dispose(bool disposing) => idle.Clear();

    private sealed class Block(BlockPool pool) : IMemoryOwner<byte>
    {
        // Pinned for good, so that sockets need not pin each read.
        private readonly byte[] bytes = GC.AllocateUninitializedArray<byte>(BlockBytes, pinned: true);

        public Memory<byte> Memory => bytes;

        public void Dispose()
        {
            if (pool.idle.Count < MostIdle)
            {
                pool.idle.Enqueue(this);
            }
        }
    }
}

/// <summary>Gives Kestrel one pool for all of its connections.</summary>
internal sealed class BlockPoolFactory : IMemoryPoolFactory<byte>, IDisposable
{
    private readonly BlockPool pool = new();

    public void Dispose() => pool.Dispose();

    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => pool;
}
