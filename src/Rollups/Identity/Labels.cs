using System.Collections;
using System.Text;

namespace Kpi.Rollups.Identity;

/// <summary>The labels of a series, sorted by name (ordinal), each name once; the metric's name is <c>__name__</c>. Immutable.</summary>
public sealed class Labels : IReadOnlyList<KeyValuePair<string, string>>, IEquatable<Labels>
{
    private readonly KeyValuePair<string, string>[] sorted;

    private Labels(KeyValuePair<string, string>[] sorted) => this.sorted = sorted;

    /// <inheritdoc/>
    public int Count => sorted.Length;

    /// <inheritdoc/>
    public KeyValuePair<string, string> this[int index] => sorted[index];

    /// <summary>The value of a label, or null when the series has none of that name.</summary>
    public string? this[string name]
    {
        get
        {
            foreach (var (key, value) in sorted)
            {
                if (string.Equals(key, name, StringComparison.Ordinal))
                {
                    return value;
                }
            }

            return null;
        }
    }

    /// <summary>Sorts; a label with an empty value is the same as none and left out; of a name given twice the last counts.</summary>
    public static Labels Of(IEnumerable<KeyValuePair<string, string>> pairs)
    {
        var byName = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in pairs)
        {
            byName[name] = value;
        }

        return new Labels([.. byName.Where(p => p.Value.Length > 0)]);
    }

    /// <summary>Shorthand of <see cref="Of(IEnumerable{KeyValuePair{string, string}})"/> for literals.</summary>
    public static Labels Of(params (string Name, string Value)[] pairs) => Of(pairs.Select(p => KeyValuePair.Create(p.Name, p.Value)));

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => ((IEnumerable<KeyValuePair<string, string>>)sorted).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public bool Equals(Labels? other) => other is not null && sorted.AsSpan().SequenceEqual(other.sorted);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Labels);

    /// <inheritdoc/>
    public override int GetHashCode() => sorted.Aggregate(0, (hash, pair) => HashCode.Combine(hash, pair.Key, pair.Value));

    /// <summary>For logs and tests: <c>{a="1", b="2"}</c>.</summary>
    public override string ToString()
    {
        var text = new StringBuilder("{");
        foreach (var (name, value) in sorted)
        {
            text.Append(text.Length > 1 ? ", " : "").Append(name).Append("=\"").Append(value).Append('"');
        }

        return text.Append('}').ToString();
    }
}
