namespace Kpi.Tests.PromQl;

public class SelectorErrorTests
{
    [Theory]
    [InlineData("", 0, "empty")]
    [InlineData("  # only a comment", 18, "empty")]
    [InlineData("{}", 0, "vector selector must contain at least one non-empty matcher")]
    [InlineData(" {a=\"\"}", 1, "at least one non-empty matcher")]
    [InlineData("{a=~\".*\"}", 0, "at least one non-empty matcher")]
    [InlineData("{a=~\"x|\"}", 0, "at least one non-empty matcher")]
    [InlineData("{a!=\"x\"}", 0, "at least one non-empty matcher")]
    [InlineData("{a!~\"x+\"}", 0, "at least one non-empty matcher")]
    [InlineData("{\"\"}", 0, "at least one non-empty matcher")]
    [InlineData("http.server.request.duration", 0, "quote it: {\"http.server.request.duration\"}")]
    [InlineData("http.requests{a=\"b\"}", 0, "quote it: {\"http.requests\"}")]
    [InlineData("up{http.route=\"/\"}", 3, "quote it: \"http.route\"")]
    [InlineData("up{a:b=\"/\"}", 3, "quote it: \"a:b\"")]
    [InlineData("NaN", 0, "quote it: {\"NaN\"}")]
    [InlineData("on{a=\"b\"}", 0, "quote it: {\"on\"}")]
    [InlineData("\"up\"", 0, "stands within braces: {\"up\"}")]
    [InlineData("\"up", 0, "lacks its closing \"")]
    [InlineData("up{a='x}", 5, "lacks its closing '")]
    [InlineData("up{a=`x}", 5, "lacks its closing `")]
    [InlineData("up{a=\"x\n\"}", 5, "lacks its closing \"")]
    [InlineData("up{a=\"x\\", 5, "lacks its closing \"")]
    [InlineData("up{a=\"x\\\n\"}", 5, "lacks its closing \"")]
    [InlineData("up{", 3, "found the end of the text where a label name or '}'")]
    [InlineData("up{a", 4, "found the end of the text where '=', '!=', '=~' or '!~'")]
    [InlineData("up{a=", 5, "found the end of the text where a quoted value")]
    [InlineData("up{a=\"b\"", 8, "found the end of the text where ',' or '}'")]
    [InlineData("{\"up\"", 5, "found the end of the text where ',' or '}'")]
    [InlineData("up{a}", 4, "found '}' where '=', '!=', '=~' or '!~'")]
    [InlineData("up{,}", 3, "found ',' where a label name")]
    [InlineData("up{a=\"b\",,}", 9, "found ',' where a label name")]
    [InlineData("up{a=\"b\" c=\"d\"}", 9, "found 'c' where ',' or '}'")]
    [InlineData("up{a==\"b\"}", 5, "found '=' where a quoted value")]
    [InlineData("up{a=b}", 5, "found 'b' where a quoted value")]
    [InlineData("up{a=5}", 5, "found '5' where a quoted value")]
    [InlineData("up{a>\"b\"}", 4, "found '>' where '=', '!=', '=~' or '!~'")]
    [InlineData("up{a!\"b\"}", 4, "found '!'")]
    [InlineData("up{9a=\"b\"}", 3, "found '9' where a label name")]
    [InlineData("up{\"\"=\"b\"}", 3, "a label name must not be empty")]
    [InlineData("up{{", 3, "found '{'")]
    [InlineData("up}", 2, "only one instant-vector selector")]
    [InlineData("up{\"down\"}", 3, "metric name must not be set twice: \"up\" or \"down\"")]
    [InlineData("{\"up\",\"down\"}", 6, "metric name must not be set twice: \"up\" or \"down\"")]
    [InlineData("up{__name__=\"down\"}", 3, "metric name must not be set twice: \"up\" or \"down\"")]
    [InlineData("up{\"__name__\"!~\"down\"}", 3, "metric name must not be set twice: \"up\" or \"down\"")]
    [InlineData("up[5m]", 2, "only one instant-vector selector")]
    [InlineData("up{a=\"b\"}[5m]", 9, "found '[' behind the selector; only one instant-vector selector")]
    [InlineData("up offset 5m", 3, "found 'offset' behind the selector; only one instant-vector selector")]
    [InlineData("up @ 5", 3, "only one instant-vector selector")]
    [InlineData("up down", 3, "only one instant-vector selector")]
    [InlineData("{\"up\"}{a=\"b\"}", 6, "only one instant-vector selector")]
    [InlineData("rate(up[5m])", 4, "only one instant-vector selector")]
    [InlineData("sum by (a) (up)", 4, "only one instant-vector selector")]
    [InlineData("up == 1", 3, "only one instant-vector selector")]
    [InlineData("my-metric", 2, "only one instant-vector selector")]
    [InlineData("(up)", 0, "only one instant-vector selector")]
    [InlineData("-up", 0, "only one instant-vector selector")]
    [InlineData("5xx", 0, "found '5' where a metric name or '{'")]
    [InlineData("größe", 2, "found 'ö' behind the selector")]
    [InlineData("\U0001F600", 0, "found '\U0001F600'")]
    [InlineData("\u0001", 0, "found '<U+0001>'")]
    [InlineData("up{a=~\"(\"}", 6, "bad regular expression")]
    [InlineData("up{a!~\"x)|(y\"}", 6, "bad regular expression at its character 2: a ) without its (")]
    public void Bad_text_is_an_error_at_its_place(string text, int offset, string message)
    {
        var error = Parsing.Error(text);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Equal(offset, error.Offset);
        Assert.Equal((1, offset + 1), (error.Line, error.Column));
    }

    [Theory]
    [InlineData("up[5m]", 1, 3)]
    [InlineData("up\n[5m]", 2, 1)]
    [InlineData("up{\n  a=\"b\",\r\n  c.d=\"e\"\n}", 3, 3)]
    [InlineData("# note\n\n\"up", 3, 1)]
    [InlineData("{\n", 2, 1)]
    public void An_error_names_line_and_column_from_one(string text, int line, int column)
    {
        var error = Parsing.Error(text);
        Assert.Equal((line, column), (error.Line, error.Column));
        Assert.StartsWith($"{line}:{column}: ", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_text_comes_back_cut() => Assert.InRange(Parsing.Error("a." + new string('b', 8_000)).Message.Length, 200, 400);
}
