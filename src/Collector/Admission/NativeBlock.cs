using System.Buffers;
using System.Runtime.InteropServices;

namespace Kpi.Collector.Admission;

/// <summary>
/// Memory of a large body, outside the garbage collector's heap: it grows without a copy and goes back to the system at once. On
/// the heap a burst of large bodies would stay as garbage for minutes, far over the budget.
/// </summary>
internal sealed unsafe class NativeBlock : MemoryManager<byte>
{
    private byte* start;
    private int length;

    public override Span<byte> GetSpan() => new(start, length);

    /// <summary>Grows; what was written stays.</summary>
    public void Grow(int bytes)
    {
        start = (byte*)NativeMemory.Realloc(start, (nuint)bytes);
        length = bytes;
    }

    public override MemoryHandle Pin(int elementIndex = 0) => new(start + elementIndex);

    public override void Unpin()
    {
        // It never moves.
    }

    protected override void Dispose(bool disposing)
    {
        NativeMemory.Free(start);
        start = null;
        length = 0;
    }
}
