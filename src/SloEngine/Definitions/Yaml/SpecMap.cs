using System.Globalization;

namespace Kpi.SloEngine.Definitions.Yaml;

/// <summary>
/// Reads a mapping key by key and notes every mistake at its place. A getter returns null after noting a mistake, so a reader goes on and
/// reports all of them at once. <see cref="RefuseOthers"/> ends it: keys nobody asked for are mistakes too.
/// </summary>
internal sealed class SpecMap(YamlMap map, ProblemList problems)
{
    private readonly List<string> asked = []; // bounded by the keys that the code asks for

    public YamlPlace Place => map.Place;

    public ProblemList Problems => problems;

    /// <summary>The keys that stand there, where they are names of the author's own.</summary>
    public IReadOnlyList<string> Keys => [.. map.Entries.Select(entry => entry.Key.Value)];

    /// <summary>The value as a mapping, or null with a problem noted.</summary>
    public static SpecMap? Of(YamlTree value, string what, ProblemList problems)
    {
        if (value is YamlMap map)
        {
            return new SpecMap(map, problems);
        }

        problems.Add(value.Place, $"{what} is a mapping of keys to values, found {value.Called}");
        return null;
    }

    /// <summary>The value of a key as written; a missing one is a problem when <paramref name="required"/>.</summary>
    public YamlTree? Tree(string key, bool required = true)
    {
        asked.Add(key);
        var value = map.Entries.FirstOrDefault(entry => entry.Key.Value == key)?.Value;
        if (value is null && required)
        {
            problems.Add(Place, $"the key '{key}' is missing");
        }

        return value;
    }

    public YamlText? Text(string key, bool required = true)
    {
        var value = Tree(key, required);
        if (value is null or YamlText { IsNull: false, Value.Length: > 0 })
        {
            return (YamlText?)value;
        }

        problems.Add(value.Place, $"'{key}' is a text, found {value.Called}");
        return null;
    }

    public double? Number(string key, bool required = true)
    {
        var text = Text(key, required);
        if (text is null)
        {
            return null;
        }

        const NumberStyles Style = NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign;
        if (decimal.TryParse(text.Value, Style, CultureInfo.InvariantCulture, out var number))
        {
            return (double)number;
        }

        problems.Add(text.Place, $"'{key}' is a number such as 0.99, found {text.Called}");
        return null;
    }

    public long? Whole(string key)
    {
        if (Text(key) is not { } text)
        {
            return null;
        }

        if (long.TryParse(text.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        problems.Add(text.Place, $"'{key}' is a whole number, 0 or more, found {text.Called}");
        return null;
    }

    public bool? Flag(string key)
    {
        var value = Tree(key);
        if (value is YamlText { Plain: true, Value: "true" or "false" } text)
        {
            return text.Value == "true";
        }

        if (value is not null)
        {
            problems.Add(value.Place, $"'{key}' is true or false, found {value.Called}");
        }

        return null;
    }

    /// <summary>Notes every key that no getter asked for, at its place.</summary>
    public void RefuseOthers()
    {
        foreach (var key in map.Entries.Select(entry => entry.Key).Where(key => !asked.Contains(key.Value)))
        {
            problems.Add(key.Place, $"unknown key '{key.Value}'; here stand {string.Join(", ", asked.Distinct())}");
        }
    }
}
