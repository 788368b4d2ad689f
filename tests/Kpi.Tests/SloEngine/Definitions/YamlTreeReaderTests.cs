using System.Diagnostics;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Kpi.SloEngine.Definitions;
using Kpi.SloEngine.Definitions.Yaml;

namespace Kpi.Tests.SloEngine.Definitions;

public sealed class YamlTreeReaderTests
{
    [Theory]
    [InlineData("", "1:1: the file is empty")]
    [InlineData("# nothing\n", "1:1: the file is empty")]
    [InlineData("a: 1\n---\nb: 2\n", "2:1: a second document starts here; one file holds one document")]
    [InlineData("a: *b\n", "1:4: the alias *b stands for nothing that is complete before it")]
    [InlineData("a: &a [*a]\n", "1:8: the alias *a stands for nothing that is complete before it")]
    [InlineData("a: 1\n[b]: 2\n", "1:1: a key of this mapping is a list or a mapping; keys are words")]
    public void What_is_no_single_document_is_refused(string text, string problem) => Assert.Equal([problem], Problems(text));

    [Theory]
    [InlineData("a: 1\nb: [1, 2\nc: 3\n", "2:6")] // the end of the last value that was sound
    [InlineData("a: 1\nb: [1, }\n", "2:8")]
    [InlineData("a: 1\n\tb: 2\n", "1:4")] // the text that the tab would continue
    [InlineData("a: 'open\n", "1:4")]
    [InlineData("a: 1\n b: 2\n", "2:3")]
    public void A_syntax_error_tells_its_place(string text, string place)
    {
        var problem = Assert.Single(Problems(text));
        Assert.StartsWith(place, problem, StringComparison.Ordinal);
        Assert.Contains("not valid YAML", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void An_alias_repeats_its_value_with_the_place_of_the_original()
    {
        var map = Assert.IsType<YamlMap>(YamlTreeReader.Read("a: &x [1]\nb: *x\n", new ProblemList("f")));
        Assert.Same(map.Entries[0].Value, map.Entries[1].Value);
        Assert.Equal(new YamlPlace(1, 7), map.Entries[0].Value.Place with { Column = 7 });
    }

    /// <summary>Ten lines that would unfold to 10^10 values.</summary>
    [Fact]
    public void An_alias_bomb_is_refused()
    {
        var bomb = new StringBuilder("a0: &a0 [x]\n");
        for (var i = 1; i <= 10; i++)
        {
            bomb.Append($"a{i}: &a{i} [{string.Join(",", Enumerable.Repeat($"*a{i - 1}", 10))}]\n");
        }

        Assert.EndsWith("more than 50,000 values, aliases written out", Assert.Single(Problems(bomb.ToString())), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    [InlineData("? ")]
    [InlineData("[[],")]
    [InlineData("a")]
    [InlineData("a,")]
    [InlineData("&a ")]
    [InlineData("'")]
    [InlineData("%")]
    [InlineData("\n")]
    [InlineData("{a,")]
    public void A_mebibyte_of_rubbish_ends_soon(string piece)
    {
        var clock = Stopwatch.StartNew();
        YamlTreeReader.Read(string.Concat(Enumerable.Repeat(piece, DefinitionFile.MaxBytes / piece.Length)), new ProblemList("f"));
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"took {clock.Elapsed}");
    }

    [Fact]
    public void Any_text_gives_a_tree_or_a_problem()
    {
        var pieces = Gen.Elements(
            "a", ": ", ":", "\n", "  ", "- ", "[", "]", "{", "}", ",", "&a", "*a", "!t", "'", "\"", "|", "#", "?", "%", "\t", "---", "1");
        Prop.ForAll(pieces.ArrayOf().Select(string.Concat).ToArbitrary(), text =>
        {
            var problems = new ProblemList("f");
            var tree = YamlTreeReader.Read(text, problems);
            return (tree is not null || problems.Count > 0)
                && problems.InFileOrder().All(problem => problem is { Line: >= 1, Column: >= 1 });
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(100000));
    }

    [Fact]
    public void The_list_of_problems_is_bounded()
    {
        var problems = new ProblemList("f");
        YamlTreeReader.Read(string.Concat(Enumerable.Repeat("a: 1\n", 500)), problems);
        Assert.Equal(499, problems.Count);
        Assert.Equal(ProblemList.MaxProblems + 1, problems.InFileOrder().Count);
    }

    private static IEnumerable<string> Problems(string text)
    {
        var problems = new ProblemList("f");
        YamlTreeReader.Read(text, problems);
        return problems.InFileOrder().Select(problem => $"{problem.Line}:{problem.Column}: {problem.Message}");
    }
}
