using Kpi.PromQl;

namespace Kpi.Tests.PromQl;

public class SelectorParserTests
{
    [Theory]
    [InlineData("up", "up")]
    [InlineData(" \t\r\n up \n", "up")]
    [InlineData("up{}", "up")]
    [InlineData("job:requests:rate5m", "job:requests:rate5m")]
    [InlineData(":colon", ":colon")]
    [InlineData("_x9", "_x9")]
    [InlineData("sum", "sum")]
    [InlineData("offset", "offset")]
    [InlineData("and{by=\"x\"}", "and{by=\"x\"}")]
    [InlineData("up{on=\"x\",inf=\"y\"}", "up{inf=\"y\",on=\"x\"}")]
    [InlineData("up{job='api',}", "up{job=\"api\"}")]
    [InlineData("{\"up\"}", "up")]
    [InlineData("{\"up\",}", "up")]
    [InlineData("{__name__=\"up\"}", "up")]
    [InlineData("{__name__=\"up\",__name__=\"up\"}", "up")]
    [InlineData("{\"on\"}", "{\"on\"}")]
    [InlineData("{\"NaN\"}", "{\"NaN\"}")]
    [InlineData("{\"9lives\"}", "{\"9lives\"}")]
    [InlineData("{a=\"b\",\"up\"}", "up{a=\"b\"}")]
    [InlineData("{\"up\",__name__!=\"down\"}", "{__name__=\"up\",__name__!=\"down\"}")]
    [InlineData("{__name__=~\"a|b\"}", "{__name__=~\"a|b\"}")]
    [InlineData("{a!=\"\"}", "{a!=\"\"}")]
    [InlineData("{a=~\".+\",b=\"\"}", "{a=~\".+\",b=\"\"}")]
    [InlineData("{a!~\"x|\"}", "{a!~\"x|\"}")]
    [InlineData("{\"\",a=\"b\"}", "{__name__=\"\",a=\"b\"}")]
    [InlineData("{\"größe\",\"ключ\"=\"値\"}", "{\"größe\",\"ключ\"=\"値\"}")]
    [InlineData("{\"plain\"=\"v\"}", "{plain=\"v\"}")]
    [InlineData("{\"a:b\"=\"v\"}", "{\"a:b\"=\"v\"}")]
    [InlineData("up # the name\n{ # the labels\n a # name\r = # sign\n \"b\" # value\n } # end", "up{a=\"b\"}")]
    [InlineData("up{a=\"#no comment\"}", "up{a=\"#no comment\"}")]
    [InlineData("{\"dotted.metric.name\", \"dotted.label\"=\"v\", plain!=\"x\", a=~\"re\", b!~\"re\"}",
        "{\"dotted.metric.name\",a=~\"re\",b!~\"re\",\"dotted.label\"=\"v\",plain!=\"x\"}")]
    public void A_selector_is_read_and_written_in_its_canonical_text(string text, string canonical)
    {
        Assert.Equal(canonical, Parsing.Selector(text).ToString());
        Assert.Equal(Parsing.Selector(text), Parsing.Selector(canonical));
    }

    // From the examples of Pyrra: see the query shapes ratio, latency and bool_gauge.
    [Theory]
    [InlineData("probe_success")]
    [InlineData("prometheus_http_requests_total{code=~\"5..\",handler=\"/api/v1/query\"}")]
    [InlineData("http_requests_total{code=~\"5..\",handler=~\"query|query_range\",job=\"thanos-query\"}")]
    [InlineData("caddy_http_response_duration_seconds_bucket{code!~\"5..\",handler=\"subroute\",job=\"caddy\",le=\"0.05\"}")]
    [InlineData("apiserver_request_duration_seconds_count{job=\"apiserver\",scope=~\"cluster|\",verb=~\"LIST|GET\"}")]
    [InlineData("http_request_duration_seconds_count{code=~\"(5..|429)\"}")]
    public void Selectors_of_published_objectives_are_canonical_already(string text) =>
        Assert.Equal(text, Parsing.Selector(text).ToString());

    [Fact]
    public void The_metric_name_is_the_first_matcher()
    {
        var selector = Parsing.Selector("{a=\"b\",\"http.requests\"}");
        Assert.Equal("http.requests", selector.MetricName);
        Assert.Equal(Parsing.Matcher("__name__", MatchOperation.Equal, "http.requests"), selector.Matchers[0]);
        Assert.Equal(Parsing.Matcher("a", MatchOperation.Equal, "b"), selector.Matchers[1]);
        Assert.Equal(2, selector.Matchers.Count);
    }

    [Fact]
    public void A_selector_with_conditions_on_its_name_has_no_metric_name()
    {
        Assert.Null(Parsing.Selector("{__name__=~\"a.*\"}").MetricName);
        Assert.Null(Parsing.Selector("{__name__=\"a\",__name__!=\"b\"}").MetricName);
        Assert.Null(Parsing.Selector("{job=\"a\"}").MetricName);
    }

    [Fact]
    public void Spellings_and_order_do_not_make_selectors_different()
    {
        var one = Parsing.Selector("up{b='2', a=\"1\", a=`1`}");
        var other = Parsing.Selector("{\"a\"=\"\\x31\",\"up\",\"b\"=\"2\"}");
        Assert.Equal(one, other);
        Assert.Equal(one.GetHashCode(), other.GetHashCode());
        Assert.NotEqual(one, Parsing.Selector("up{a=\"1\",b=~\"2\"}"));
    }

    [Fact]
    public void A_text_of_the_longest_length_is_taken()
    {
        var name = new string('a', SelectorParser.MaxSelectorLength);
        Assert.Equal(name, Parsing.Selector(name).MetricName);
        var error = Parsing.Error(name + "a");
        Assert.Equal(SelectorParser.MaxSelectorLength, error.Offset);
        Assert.Contains("8193", error.Message, StringComparison.Ordinal);
    }
}
