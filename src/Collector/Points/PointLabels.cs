using System.Text;
using Kpi.Collector.Lookup;
using Kpi.Collector.Otlp;
using Kpi.Collector.Protobuf;
using Kpi.Rollups.Identity;

namespace Kpi.Collector.Points;

/// <summary>
/// The labels of a new series: resource, scope, the point's attributes, and the metric's name. An attribute beats a resource's
/// label of the same name, as with metrics that somebody made of another service's spans; the names that are ours it never gets.
/// </summary>
internal sealed class PointLabels(KeyValuePair<string, string>[] ofResource, string scope, string metric)
{
    /// <summary>Attributes of a point at most.</summary>
    public const int MostAttributes = 64;

    private readonly List<KeyValuePair<string, string>> pairs = [.. ofResource, new(LabelNames.ScopeName, scope)];

    /// <summary>Values that were too long and count as <c>_OTHER</c>.</summary>
    public int LongValues { get; private set; }

    /// <summary>Adds the attributes of a sound point, which have this tag. False when one has too long a name.</summary>
    public bool TryAdd(ReadOnlySpan<byte> point, uint attributes)
    {
        var attribute = default(OtlpAttribute);
        var utf8 = true;
        var reader = new ProtoReader(point);
        while (reader.TryReadTag(out var tag))
        {
            if (tag != attributes)
            {
                reader.Skip(tag);
                continue;
            }

            var message = reader.ReadBytes();
            AttributeReader.TryRead(message, ref attribute, ref utf8);
            if (attribute.Key.Length > IntakeLimits.MostLabelBytes)
            {
                return false;
            }

            Add(Encoding.UTF8.GetString(attribute.Key), ValueText.Of(message));
        }

        return true;
    }

    /// <summary>Adds a label of ours.</summary>
    public void Add(KeyValuePair<string, string> label) => pairs.Add(label);

    /// <summary>The labels as a policy leaves them.</summary>
    /// <param name="addsUp">Whether series of the metric may become one.</param>
    public Labels ToLabels(LabelShaper shaper, LabelPolicy policy, bool addsUp, ref ItemTally tally)
    {
        shaper.Shape(policy, metric, pairs, addsUp, ref tally);
        return Labels.Of([.. pairs, new(LabelNames.MetricName, metric)]);
    }

    private void Add(string name, string value)
    {
        if (name == LabelNames.From)
        {
            return;
        }

        var isLong = Encoding.UTF8.GetByteCount(value) > IntakeLimits.MostLabelBytes;
        LongValues += isLong ? 1 : 0;
        pairs.Add(new(name, isLong ? Encoding.UTF8.GetString(IntakeLimits.Other) : value));
    }
}
