using System.Diagnostics.CodeAnalysis;

namespace Kpi.PromQl;

/// <summary>Reads one instant-vector selector as Prometheus 3 writes it.</summary>
/// <example><c>http_requests_total{job="api", code=~"5.."}</c> or <c>{"http.server.request.duration", "http.route"="/"}</c></example>
public static class SelectorParser
{
    /// <summary>The longest text taken, in UTF-16 units.</summary>
    public const int MaxSelectorLength = 8_192;

    /// <summary>Parses the text; bad text is an error with its place, never an exception.</summary>
    public static bool TryParse(
        string text,
        [NotNullWhen(true)] out VectorSelector? selector,
        [NotNullWhen(false)] out SelectorError? error)
    {
        ArgumentNullException.ThrowIfNull(text);
        selector = null;
        var problem = new Problem(
            MaxSelectorLength,
            $"the selector is {text.Length} characters long, more than the {MaxSelectorLength} taken");
        if (text.Length <= MaxSelectorLength && new SelectorReader(text).TryRead(out selector, out problem))
        {
            error = null;
            return true;
        }

        error = Locate(text, problem);
        return false;
    }

    private static SelectorError Locate(string text, Problem problem)
    {
        var before = text.AsSpan(0, problem.Offset);
        return new SelectorError(
            problem.Offset,
            before.Count('\n') + 1,
            problem.Offset - before.LastIndexOf('\n'),
            problem.Message);
    }
}
