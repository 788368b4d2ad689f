using System.Text;
using System.Text.Unicode;
using Kpi.Rollups.Identity;

namespace Kpi.Collector.Spans;

/// <summary>The resources that spans come from, by what of them becomes labels. At most <see cref="SpanLimits.MostResources"/>.</summary>
internal sealed class ResourceTable
{
    /// <summary>One resource too many: its spans go to the overflow series.</summary>
    public const int Overflow = -1;

    /// <summary>Not seen before, look again with leave to create.</summary>
    public const int Unknown = -2;

    /// <summary>A name in it is not UTF-8.</summary>
    public const int NotUtf8 = -3;

    private const string NoName = "unknown_service";

    private readonly ByteKeyTable known = new(SpanLimits.MostResources);
    private readonly Lock gate = new();
    private readonly List<KeyValuePair<string, string>[]> labels = [];

    public KeyValuePair<string, string>[] this[int resource]
    {
        get
        {
            lock (gate)
            {
                return labels[resource];
            }
        }
    }

    public int Find(in ResourceFacts resource, bool create)
    {
        Span<byte> room = stackalloc byte[3 * (2 + SpanLimits.MostLabelBytes)];
        var key = new KeyBuffer(room);
        key.Text(Cut(resource.ServiceName));
        key.Text(Cut(resource.ServiceNamespace));
        key.Text(Cut(resource.Environment));
        if (known.TryGet(key.Written, out var found))
        {
            return (int)found;
        }

        return create ? Create(in resource, key.Written) : Unknown;
    }

    private int Create(in ResourceFacts resource, ReadOnlySpan<byte> key)
    {
        if (!Utf8.IsValid(resource.ServiceName) || !Utf8.IsValid(resource.ServiceNamespace) || !Utf8.IsValid(resource.Environment))
        {
            return NotUtf8;
        }

        lock (gate)
        {
            if (known.TryGet(key, out var found))
            {
                return (int)found;
            }

            if (!known.TrySet(key, labels.Count))
            {
                return Overflow;
            }

            labels.Add(LabelsOf(in resource));
            return labels.Count - 1;
        }
    }

    private static KeyValuePair<string, string>[] LabelsOf(in ResourceFacts resource)
    {
        var name = Encoding.UTF8.GetString(Cut(resource.ServiceName));
        return
        [
            new(LabelNames.ServiceName, name.Length == 0 ? NoName : name),
            new("service.namespace", Encoding.UTF8.GetString(Cut(resource.ServiceNamespace))),
            new("deployment.environment.name", Encoding.UTF8.GetString(Cut(resource.Environment))),
        ];
    }

    private static ReadOnlySpan<byte> Cut(ReadOnlySpan<byte> text) => text.Length > SpanLimits.MostLabelBytes ? LabelValue.Other : text;
}
