using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Kpi.SloEngine.Definitions.Yaml;

/// <summary>
/// Builds the tree of one YAML document from parser events. Works on events, not on YamlDotNet's own tree, because that one recurses
/// without a limit: a file of opening brackets would end the process.
/// </summary>
internal sealed class YamlTreeReader(string text, ProblemList problems)
{
    /// <summary>Nested deeper than any definition file is (they need 5); bounds the recursion.</summary>
    private const int MaxDepth = 32;

    /// <summary>Values in a file with every alias written out: far above any real file, far below what an alias bomb unfolds to.</summary>
    private const int MaxWeight = 50_000;

    private readonly Parser parser = new(new StringReader(text));
    private readonly Dictionary<string, YamlTree> anchors = []; // bounded by MaxWeight; lives as long as one reading
    private int weight;

    /// <summary>The document, or null when the text is no single YAML document; then <paramref name="problems"/> says why.</summary>
    public static YamlTree? Read(string text, ProblemList problems)
    {
        var reader = new YamlTreeReader(text, problems);
        try
        {
            return reader.Document();
        }
        catch (YamlException e)
        {
            problems.Add(PlaceOf(e.Start), $"not valid YAML: {e.Message}");
            return null;
        }
        catch (InvalidOperationException) // YamlDotNet 16.3.0 on "[1\nb: 2": its scanner fails where it should report
        {
            problems.Add(PlaceOf(reader.parser.Current?.End ?? Mark.Empty), "not valid YAML after this; is a bracket or brace left open?");
            return null;
        }
        catch (UnreadableYaml e)
        {
            problems.Add(e.Place, e.Message);
            return null;
        }
    }

    private YamlTree? Document()
    {
        parser.Consume<StreamStart>();
        if (!parser.TryConsume<DocumentStart>(out _))
        {
            problems.Add(YamlPlace.Start, "the file is empty");
            return null;
        }

        var root = Value(depth: 1);
        parser.Consume<DocumentEnd>();
        if (parser.TryConsume<DocumentStart>(out var second))
        {
            problems.Add(PlaceOf(second.Start), "a second document starts here; one file holds one document");
            return null;
        }

        return root;
    }

    private YamlTree Value(int depth)
    {
        var place = PlaceOf(parser.Current?.Start ?? Mark.Empty);
        if (depth > MaxDepth)
        {
            throw new UnreadableYaml(place, $"nested deeper than {MaxDepth} levels");
        }

        if (parser.TryConsume<AnchorAlias>(out var alias))
        {
            var target = anchors.GetValueOrDefault(alias.Value.Value)
                ?? throw new UnreadableYaml(place, $"the alias *{alias.Value.Value} stands for nothing that is complete before it");
            Count(target.Weight, place);
            return target;
        }

        Count(1, place);
        var anchor = (parser.Current as NodeEvent)?.Anchor ?? AnchorName.Empty;
        YamlTree value = parser.TryConsume<SequenceStart>(out _) ? List(place, depth)
            : parser.TryConsume<MappingStart>(out _) ? Map(place, depth)
            : Text(place);
        if (!anchor.IsEmpty)
        {
            anchors[anchor.Value] = value;
        }

        return value;
    }

    private YamlText Text(YamlPlace place)
    {
        var scalar = parser.Consume<Scalar>();
        return new YamlText(place, scalar.Value, scalar.Style == ScalarStyle.Plain);
    }

    private YamlList List(YamlPlace place, int depth)
    {
        var items = new List<YamlTree>();
        while (!parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(Value(depth + 1));
        }

        return new YamlList(place, items);
    }

    private YamlMap Map(YamlPlace place, int depth)
    {
        var entries = new List<YamlEntry>();
        var keys = new HashSet<string>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var key = Value(depth + 1) as YamlText
                ?? throw new UnreadableYaml(place, "a key of this mapping is a list or a mapping; keys are words");
            var value = Value(depth + 1);
            if (keys.Add(key.Value))
            {
                entries.Add(new YamlEntry(key, value));
            }
            else
            {
                problems.Add(key.Place, $"the key '{key.Value}' stands twice in this mapping");
            }
        }

        return new YamlMap(place, entries);
    }

    private void Count(int added, YamlPlace place)
    {
        if ((weight += added) > MaxWeight)
        {
            throw new UnreadableYaml(place, $"more than {MaxWeight:N0} values, aliases written out");
        }
    }

    private static YamlPlace PlaceOf(Mark mark) => new((int)mark.Line, (int)mark.Column);
}
