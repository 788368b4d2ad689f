namespace Kpi.SloEngine.Definitions.Yaml;

/// <summary>The lists of a <see cref="SpecMap"/>: of texts, and of mappings.</summary>
internal static class SpecLists
{
    /// <summary>The items of a list; null with a problem noted when the value is no list.</summary>
    public static IReadOnlyList<YamlTree>? List(this SpecMap spec, string key, bool required = true)
    {
        var value = spec.Tree(key, required);
        if (value is YamlList list)
        {
            return list.Items;
        }

        if (value is not null)
        {
            spec.Problems.Add(value.Place, $"'{key}' is a list, found {value.Called}");
        }

        return null;
    }

    /// <summary>A list of distinct texts; what is no text, empty or there twice is noted and left out.</summary>
    public static IReadOnlyList<YamlText> Texts(this SpecMap spec, string key, bool required = true)
    {
        var texts = new List<YamlText>();
        var seen = new HashSet<string>();
        foreach (var item in spec.List(key, required) ?? [])
        {
            if (item is not YamlText { IsNull: false, Value.Length: > 0 } text)
            {
                spec.Problems.Add(item.Place, $"'{key}' is a list of texts, found {item.Called}");
            }
            else if (!seen.Add(text.Value))
            {
                spec.Problems.Add(text.Place, $"'{text.Value}' stands twice in '{key}'");
            }
            else
            {
                texts.Add(text);
            }
        }

        return texts;
    }

    /// <summary>A list, not empty, of mappings; what is none is noted and left out.</summary>
    public static IReadOnlyList<SpecMap> Maps(this SpecMap spec, string key, bool required = true)
    {
        var items = spec.List(key, required);
        if (items is { Count: 0 })
        {
            spec.Problems.Add(spec.Tree(key)!.Place, $"'{key}' is empty");
        }

        return [.. (items ?? []).Select(item => SpecMap.Of(item, $"an item of '{key}'", spec.Problems)).OfType<SpecMap>()];
    }
}
