using System.Text;
using System.Text.Unicode;
using Kpi.Rollups.Coverage;
using Kpi.Rollups.Identity;

namespace Kpi.Collector.Lookup;

/// <summary>The resources that telemetry comes from, by what of them becomes labels. At most <see cref="IntakeLimits.MostResources"/>.</summary>
/// <param name="tellsInstances">Whether two instances of a service are two resources: running totals need it, while spans add up.</param>
internal sealed class ResourceTable(bool tellsInstances)
{
    /// <summary>One resource too many: its items go to the overflow series.</summary>
    public const int Overflow = -1;

    /// <summary>Not seen before, look again with leave to create.</summary>
    public const int Unknown = -2;

    /// <summary>A name in it is not UTF-8.</summary>
    public const int NotUtf8 = -3;

    private const string NoName = "unknown_service";

    // A resource's number is its place and how often the place was given, so that no number ever means two resources.
    private const int PlaceBits = 14;
    private const int PlaceMask = (1 << PlaceBits) - 1;

    // While names explode every request would look; once in 10 s is enough.
    private const long LookEvery = 10_000_000_000;

    private readonly Lock gate = new();
    private readonly Entry?[] entries = new Entry?[IntakeLimits.MostResources];
    private readonly int[] given = new int[IntakeLimits.MostResources];
    private readonly Stack<int> free = new(Enumerable.Range(0, IntakeLimits.MostResources).Reverse());
    private long lookAgainAt;
    private volatile ByteKeyTable known = new(IntakeLimits.MostResources);

    /// <summary>The labels of a resource; null when it was retired since it was found.</summary>
    public KeyValuePair<string, string>[]? this[int resource] =>
        entries[resource & PlaceMask] is { } entry && entry.Number == resource ? entry.Labels : null;

    /// <summary>Who a resource is as a source; null when it was retired since it was found, or found no place.</summary>
    public SourceIdentity? SourceOf(int resource) =>
        resource >= 0 && entries[resource & PlaceMask] is { } entry && entry.Number == resource ? entry.Source : null;

    public int Find(in ResourceFacts resource, IntakeLimits limits, bool create)
    {
        Span<byte> room = stackalloc byte[4 * (2 + IntakeLimits.MostLabelBytes)];
        var key = new KeyBuffer(room);
        key.Text(Cut(resource.ServiceName));
        key.Text(Cut(resource.ServiceNamespace));
        key.Text(Cut(resource.Environment));
        key.Text(tellsInstances ? Cut(resource.Instance) : default);
        if (known.TryGet(key.Written, out var found))
        {
            entries[(int)found & PlaceMask]!.LastFound = limits.Receipt;
            return (int)found;
        }

        return create ? Create(in resource, key.Written, limits) : Unknown;
    }

    private int Create(in ResourceFacts resource, ReadOnlySpan<byte> key, IntakeLimits limits)
    {
        if (!Utf8.IsValid(resource.ServiceName) || !Utf8.IsValid(resource.ServiceNamespace) || !Utf8.IsValid(resource.Environment)
            || !Utf8.IsValid(resource.Instance))
        {
            return NotUtf8;
        }

        lock (gate)
        {
            if (known.TryGet(key, out var found))
            {
                return (int)found;
            }

            if (free.Count == 0 && limits.Receipt >= lookAgainAt)
            {
                lookAgainAt = limits.Receipt + LookEvery;
                RetireIdle_NeedsLock(limits.IdleSince);
            }

            if (!free.TryPop(out var place))
            {
                return Overflow;
            }

            var number = place | (given[place]++ << PlaceBits);
            entries[place] = new Entry(key.ToArray(), number, LabelsOf(in resource)) { LastFound = limits.Receipt };
            known.TrySet(key, number);
            return number;
        }
    }

    // Only when the table is full: what nobody sent from for a while makes room, as idle series do.
    private void RetireIdle_NeedsLock(long idleSince)
    {
        var kept = new ByteKeyTable(IntakeLimits.MostResources);
        foreach (var entry in entries)
        {
            if (entry is null)
            {
                continue;
            }

            if (entry.LastFound >= idleSince)
            {
                kept.TrySet(entry.Key, entry.Number);
            }
            else
            {
                free.Push(entry.Number & PlaceMask);
            }
        }

        known = kept;
    }

    private KeyValuePair<string, string>[] LabelsOf(in ResourceFacts resource)
    {
        var name = Encoding.UTF8.GetString(Cut(resource.ServiceName));
        return
        [
            new(LabelNames.ServiceName, name.Length == 0 ? NoName : name),
            new(SourceIdentity.NamespaceLabel, Encoding.UTF8.GetString(Cut(resource.ServiceNamespace))),
            new(SourceIdentity.EnvironmentLabel, Encoding.UTF8.GetString(Cut(resource.Environment))),
            new(SourceIdentity.InstanceLabel, tellsInstances ? Encoding.UTF8.GetString(Cut(resource.Instance)) : ""),
        ];
    }

    private static ReadOnlySpan<byte> Cut(ReadOnlySpan<byte> text) => text.Length > IntakeLimits.MostLabelBytes ? IntakeLimits.Other : text;

    private sealed class Entry(byte[] key, int number, KeyValuePair<string, string>[] labels)
    {
        private long lastFound;

        public byte[] Key => key;

        public int Number => number;

        public KeyValuePair<string, string>[] Labels => labels;

        public SourceIdentity Source { get; } = new(labels[0].Value, labels[1].Value, labels[2].Value, labels[3].Value);

        /// <summary>Receipt of the last request from it, in nanoseconds since 1970.</summary>
        public long LastFound
        {
            get => Volatile.Read(ref lastFound);
            set => Volatile.Write(ref lastFound, value);
        }
    }
}
