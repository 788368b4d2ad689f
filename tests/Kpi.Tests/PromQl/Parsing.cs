using Kpi.PromQl;

namespace Kpi.Tests.PromQl;

/// <summary>Selectors and errors for tests, which know beforehand which of the two a text is.</summary>
internal static class Parsing
{
    public static VectorSelector Selector(string text)
    {
        Assert.True(SelectorParser.TryParse(text, out var selector, out var error), $"{text}: {error}");
        return selector;
    }

    public static SelectorError Error(string text)
    {
        Assert.False(SelectorParser.TryParse(text, out var selector, out var error), $"{text} was read as {selector}");
        Assert.InRange(error.Offset, 0, text.Length);
        return error;
    }

    public static LabelMatcher Matcher(string name, MatchOperation operation, string value)
    {
        Assert.True(LabelMatcher.TryCreate(name, operation, value, out var matcher, out var problem), problem);
        return matcher;
    }
}
