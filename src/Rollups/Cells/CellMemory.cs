namespace Kpi.Rollups.Cells;

/// <summary>Bytes that the cells of one owner take; written by the owner alone, read by anyone.</summary>
internal sealed class CellMemory
{
    private long bytes;

    public long Bytes => Volatile.Read(ref bytes);

    public void Add(long added) => Volatile.Write(ref bytes, bytes + added);
}
