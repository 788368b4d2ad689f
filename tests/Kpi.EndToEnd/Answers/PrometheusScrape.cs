using System.Globalization;
using System.Text.RegularExpressions;

namespace Kpi.EndToEnd.Answers;

/// <summary>A strict reading of Prometheus' text format: every sample belongs to a TYPE line before it, and no series comes twice.</summary>
internal sealed class PrometheusScrape
{
    private static readonly Regex Type = new(@"^# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram|summary|untyped)$", RegexOptions.CultureInvariant);
    private static readonly Regex Help = new(@"^# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) ", RegexOptions.CultureInvariant);
    private static readonly Regex Sample = new(
        @"^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{((?:[a-zA-Z_][a-zA-Z0-9_]*=""(?:[^""\\\n]|\\[\\n""])*"",?)*)\})? (\S+)$", RegexOptions.CultureInvariant);

    private readonly Dictionary<string, double> samples = [];
    private readonly Dictionary<string, string> types = [];

    public IReadOnlyDictionary<string, string> Types => types;

    /// <summary>A sample by its text: name and labels as written.</summary>
    public double this[string series] => samples[series];

    /// <exception cref="FormatException">The text breaks a rule of the format.</exception>
    public static PrometheusScrape Parse(string text)
    {
        Require(text.EndsWith('\n'), "no line feed at the end", text);
        var scrape = new PrometheusScrape();
        foreach (var line in text.Split('\n')[..^1])
        {
            scrape.Take(line);
        }

        return scrape;
    }

    /// <summary>The smallest bucket bound that at least this share of a histogram's events lies under.</summary>
    public double QuantileBound(string histogram, double quantile)
    {
        var needed = quantile * samples[histogram + "_count"];
        return samples.Where(s => s.Key.StartsWith(histogram + "_bucket{", StringComparison.Ordinal) && s.Value >= needed)
            .Min(s => Number(Regex.Match(s.Key, "le=\"([^\"]+)\"").Groups[1].Value));
    }

    private static double Number(string text) => text switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        _ => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
    };

    private static void Require(bool holds, string rule, string line)
    {
        if (!holds)
        {
            throw new FormatException($"{rule}: {line}");
        }
    }

    private void Take(string line)
    {
        if (Type.Match(line) is { Success: true } type)
        {
            Require(types.TryAdd(type.Groups[1].Value, type.Groups[2].Value), "a second TYPE of the same name", line);
        }
        else if (!line.StartsWith('#'))
        {
            var sample = Sample.Match(line);
            Require(sample.Success, "neither a sample nor a comment", line);
            Require(FamilyOf(sample.Groups[1].Value) is not null, "a sample without a TYPE before it", line);
            Require(samples.TryAdd(line[..line.LastIndexOf(' ')], Number(sample.Groups[3].Value)), "the same series twice", line);
        }
        else
        {
            Require(Help.IsMatch(line), "a comment that is neither HELP nor TYPE", line);
        }
    }

    private string? FamilyOf(string name) =>
        types.ContainsKey(name) ? name
        : new[] { "_bucket", "_sum", "_count" }
            .Where(suffix => name.EndsWith(suffix, StringComparison.Ordinal))
            .Select(suffix => name[..^suffix.Length])
            .FirstOrDefault(family => types.GetValueOrDefault(family) == "histogram");
}
