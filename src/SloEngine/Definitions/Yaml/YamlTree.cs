namespace Kpi.SloEngine.Definitions.Yaml;

/// <summary>A value of a YAML file with the place it was written at. Closed: text, list, mapping.</summary>
internal abstract record YamlTree(YamlPlace Place)
{
    /// <summary>Nodes in this value when every alias is written out; what bounds the work of walking it.</summary>
    public abstract int Weight { get; }

    /// <summary>What a message calls it.</summary>
    public abstract string Called { get; }
}

/// <summary>
/// A scalar; <paramref name="Plain"/> when it was written without quotes, so that <c>null</c> and <c>true</c> mean what they say.
/// </summary>
internal sealed record YamlText(YamlPlace Place, string Value, bool Plain) : YamlTree(Place)
{
    public override int Weight => 1;

    public override string Called => IsNull ? "nothing" : $"'{Value}'";

    public bool IsNull => Plain && Value is "" or "~" or "null" or "Null" or "NULL";
}

/// <summary>A sequence.</summary>
internal sealed record YamlList(YamlPlace Place, IReadOnlyList<YamlTree> Items) : YamlTree(Place)
{
    public override int Weight { get; } = 1 + Items.Sum(item => item.Weight);

    public override string Called => "a list";
}

/// <summary>A mapping in the order of the file; keys are unique.</summary>
internal sealed record YamlMap(YamlPlace Place, IReadOnlyList<YamlEntry> Entries) : YamlTree(Place)
{
    public override int Weight { get; } = 1 + Entries.Sum(entry => 1 + entry.Value.Weight);

    public override string Called => "a mapping";
}

/// <summary>A key and its value.</summary>
internal sealed record YamlEntry(YamlText Key, YamlTree Value);
