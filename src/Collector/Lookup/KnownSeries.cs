using Kpi.Rollups.Identity;

namespace Kpi.Collector.Lookup;

/// <summary>
/// The series seen before, by a byte key that says what makes one. Knows at most twice the series that the catalogue holds; when
/// it is full of series that have gone idle, and under another policy, it starts anew.
/// </summary>
internal sealed class KnownSeries(SeriesCatalog catalog)
{
    private volatile KnownTable current = new(new ByteKeyTable(MostKnown(catalog)), catalog.LabelPolicy, Renewed: null);

    /// <summary>The table under the policy in force, as under another the same bytes may make another series.</summary>
    public KnownTable Current
    {
        get
        {
            var (known, policy) = (current, catalog.LabelPolicy);
            return ReferenceEquals(known.Policy, policy) ? known : current = Anew(policy);
        }
    }

    /// <summary>Finds the slot of a series that is still in it.</summary>
    public bool TryGet(ReadOnlySpan<byte> key, out int slot)
    {
        var found = Current.Keys.TryGet(key, out var handle) && catalog.IsCurrent((int)handle, (int)(handle >> 32));
        slot = (int)handle;
        return found;
    }

    /// <summary>
    /// Whether an unknown key may be that of an active series. Where it cannot and the catalogue is full, nobody need make labels to
    /// find out that there is no room.
    /// </summary>
    public bool MayLack(KnownTable table, string metric) =>
        table.Policy.Concerns(metric) || (table.Renewed is { } renewed && catalog.SweptAt - renewed <= catalog.IdleAfter);

    /// <summary>Remembers a series whose labels were shaped by the table's policy. If another is in force by now, nobody asks this table any more.</summary>
    public void Remember(KnownTable table, ReadOnlySpan<byte> key, ActiveSeries series)
    {
        var handle = ((long)series.Generation << 32) | (uint)series.Slot;
        if (!table.Keys.TrySet(key, handle) && ReferenceEquals(table, current))
        {
            var next = Anew(table.Policy);
            next.Keys.TrySet(key, handle);
            current = next;
        }
    }

    private KnownTable Anew(LabelPolicy policy) => new(new ByteKeyTable(MostKnown(catalog)), policy, catalog.SweptAt);

    private static int MostKnown(SeriesCatalog catalog) => catalog.Limit * 2;
}
