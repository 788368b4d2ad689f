using Kpi.Rollups.Identity;

namespace Kpi.Collector.Lookup;

/// <summary>
/// The series seen before, by a byte key that says what makes one. Knows at most twice the series that the catalogue holds; when
/// it is full of series that have gone idle, it starts anew.
/// </summary>
internal sealed class KnownSeries(SeriesCatalog catalog)
{
    private volatile Known current = new(new ByteKeyTable(MostKnown(catalog)), catalog.LabelPolicy);

    /// <summary>Finds the slot of a series that is still in it.</summary>
    public bool TryGet(ReadOnlySpan<byte> key, out int slot)
    {
        var found = Current.Table.TryGet(key, out var handle) && catalog.IsCurrent((int)handle, (int)(handle >> 32));
        slot = (int)handle;
        return found;
    }

    public void Remember(ReadOnlySpan<byte> key, ActiveSeries series)
    {
        var handle = ((long)series.Generation << 32) | (uint)series.Slot;
        if (!Current.Table.TrySet(key, handle))
        {
            current = new Known(new ByteKeyTable(MostKnown(catalog)), catalog.LabelPolicy);
            current.Table.TrySet(key, handle);
        }
    }

    // Under another policy the same bytes may make another series.
    private Known Current => ReferenceEquals(current.Policy, catalog.LabelPolicy) ? current : current = new Known(new ByteKeyTable(MostKnown(catalog)), catalog.LabelPolicy);

    private static int MostKnown(SeriesCatalog catalog) => catalog.Limit * 2;

    private sealed record Known(ByteKeyTable Table, LabelPolicy Policy);
}
