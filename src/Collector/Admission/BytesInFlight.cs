namespace Kpi.Collector.Admission;

/// <summary>The budget of bytes that requests under way may hold together. Any thread.</summary>
internal sealed class BytesInFlight(long limit)
{
    private long held;

    public long Held => Volatile.Read(ref held);

    public bool TryReserve(int bytes)
    {
        if (Interlocked.Add(ref held, bytes) <= limit)
        {
            return true;
        }

        Interlocked.Add(ref held, -bytes);
        return false;
    }

    public void Release(int bytes) => Interlocked.Add(ref held, -bytes);
}
