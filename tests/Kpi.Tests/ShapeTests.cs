using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Kpi.Tests;

/// <summary>The shape of the repository: which project may see which, and how files, folders and types may look.</summary>
public sealed class ShapeTests
{
    private const int MostLines = 500;

    private static readonly DirectoryInfo Root = FindRoot();

    /// <summary>All arrows there are; a new project or arrow is written here on purpose.</summary>
    private static readonly Dictionary<string, string[]> Arrows = new()
    {
        ["Kpi"] = ["Collector", "Dashboard"],
        ["Dashboard"] = ["SloEngine"], // until OnCall stands between them
        ["SloEngine"] = ["PromQl"],
        ["PromQl"] = ["Rollups"],
        ["Collector"] = ["Rollups"],
        ["Rollups"] = [],
        ["SamplePlatform"] = [], // a customer: it knows us by OTLP alone
    };

    /// <summary>Files that may be longer than <see cref="MostLines"/>, each with its reason.</summary>
    private static readonly Dictionary<string, string> LongFiles = [];

    private static readonly string[] Drawers = ["Utils", "Util", "Common", "Helpers", "Helper", "Misc", "Managers"];

    private static readonly string[] BannedSuffixes =
        ["Manager", "Helper", "Util", "Utils", "Common", "Misc", "Base", "Impl", "Info", "Data", "Processor", "Service"];

    private static readonly string[] BuiltFolders = ["artifacts", "bin", "obj", "node_modules", "wwwroot", "results", ".git"];

    [Fact]
    public void Projects_see_exactly_what_the_design_lets_them_see() =>
        Assert.Equal(
            Arrows.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => $"{a.Key} → {string.Join(", ", a.Value)}"),
            Projects("src").Select(p => $"{NameOf(p)} → {string.Join(", ", References(p).Select(r => r.Project).Order(StringComparer.Ordinal))}"));

    [Fact]
    public void Tests_and_benchmarks_see_libraries_and_never_the_program()
    {
        foreach (var project in Projects("tests").Concat(Projects("bench")))
        {
            var toProgram = References(project).Where(r => r.Project == "Kpi");
            Assert.All(toProgram, r => Assert.True(r.BuildOrderOnly && NameOf(project) == "Kpi.EndToEnd", $"{NameOf(project)} references src/Kpi"));
            Assert.All(References(project), r => Assert.Contains(r.Project, Arrows.Keys));
        }
    }

    [Fact]
    public void No_folder_is_a_drawer() => AssertNone(
        Sources().SelectMany(f => f.Split('/').SkipLast(1)).Distinct().Where(f => Drawers.Contains(f, StringComparer.OrdinalIgnoreCase)));

    [Fact]
    public void No_source_file_is_longer_than_500_lines() => AssertNone(
        Sources().Where(f => !LongFiles.ContainsKey(f)).Select(f => (File: f, Lines: Lines(f).Length)).Where(f => f.Lines > MostLines));

    [Fact]
    public void No_file_hides_its_length_in_regions() =>
        AssertNone(Matches(CSharp(), @"^\s*#\s*(end)?region\b"));

    [Fact]
    public void Only_logs_are_partial() => AssertNone(
        Matches(CSharp().Where(f => Path.GetFileName(f) != "Log.cs"), @"\bpartial\s+(class|record|struct|interface)\s+(?!Log\b)"));

    [Fact]
    public void No_type_is_named_by_a_word_that_says_nothing() => AssertNone(Matches(
        CSharp().Where(f => f.StartsWith("src/", StringComparison.Ordinal)),
        $@"^\s*[\w\s]*\b(class|record|record struct|struct|interface|enum)\s+\w*({string.Join('|', BannedSuffixes)})(?![\w])[^;]*$"));

    [Fact]
    public void No_test_is_skipped() => AssertNone(Matches(
        CSharp().Where(f => f.StartsWith("tests/", StringComparison.Ordinal)),
        @"\[\s*\w*(Fact|Theory|InlineData|MemberData)\b[^\]]*\bSkip\s*="));

    private static void AssertNone<T>(IEnumerable<T> found) => Assert.Empty(found);

    private static IEnumerable<string> Matches(IEnumerable<string> files, string pattern)
    {
        var regex = new Regex(pattern, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(10));
        return files.SelectMany(file => Lines(file).Select((text, at) => (text, at)).Where(l => regex.IsMatch(l.text)).Select(l => $"{file}:{l.at + 1}: {l.text.Trim()}"));
    }

    private static string[] Lines(string file) => File.ReadAllLines(Path.Combine(Root.FullName, file));

    private static IEnumerable<string> CSharp() => Sources().Where(f => f.EndsWith(".cs", StringComparison.Ordinal));

    /// <summary>Files written by hand, relative to the root, with slashes.</summary>
    private static IEnumerable<string> Sources() =>
        ((string[])["src", "tests", "bench"]).SelectMany(f => Walk(new DirectoryInfo(Path.Combine(Root.FullName, f))))
        .Where(f => f.Extension is ".cs" or ".ts" or ".tsx" or ".css")
        .Select(f => Path.GetRelativePath(Root.FullName, f.FullName).Replace('\\', '/'));

    private static IEnumerable<FileInfo> Walk(DirectoryInfo folder) => folder.EnumerateFiles()
        .Concat(folder.EnumerateDirectories().Where(d => !BuiltFolders.Contains(d.Name)).SelectMany(Walk));

    private static IEnumerable<FileInfo> Projects(string folder) => Walk(new DirectoryInfo(Path.Combine(Root.FullName, folder)))
        .Where(f => f.Extension == ".csproj").OrderBy(NameOf, StringComparer.Ordinal);

    private static string NameOf(FileInfo project) => Path.GetFileNameWithoutExtension(project.Name);

    private static IEnumerable<(string Project, bool BuildOrderOnly)> References(FileInfo project) =>
        XDocument.Load(project.FullName).Descendants("ProjectReference").Select(r => (
            Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value.Replace('\\', '/')),
            r.Attribute("ReferenceOutputAssembly")?.Value == "false"));

    private static DirectoryInfo FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Kpi.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("the tests lie outside the repository");
        }

        return folder;
    }
}
