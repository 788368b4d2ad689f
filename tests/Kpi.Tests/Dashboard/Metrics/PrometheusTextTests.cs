using System.Diagnostics.Metrics;
using System.Globalization;
using Kpi.Dashboard.Metrics;
using Kpi.Testing;

namespace Kpi.Tests.Dashboard.Metrics;

public sealed class PrometheusTextTests : IDisposable
{
    private readonly MeterReadings readings = new();
    private readonly Meter meter = new($"Kpi.Tests.{Guid.NewGuid()}");
    private readonly string unique = $"kpi.t{Guid.NewGuid():N}";

    public void Dispose()
    {
        meter.Dispose();
        readings.Dispose();
    }

    [Fact]
    public void Counters_add_and_end_in_total()
    {
        var counter = meter.CreateCounter<long>(unique + ".sent", null, "What was sent");
        counter.Add(2, KeyValuePair.Create<string, object?>("reason", "a"));
        counter.Add(3, KeyValuePair.Create<string, object?>("reason", "a"));
        counter.Add(1, KeyValuePair.Create<string, object?>("reason", "b"));
        var name = Name(".sent_total");
        Assert.Equal(
            [$"# HELP {name} What was sent", $"# TYPE {name} counter", $$"""{{name}}{reason="a"} 5""", $$"""{{name}}{reason="b"} 1"""],
            Lines());
    }

    [Fact]
    public void Units_belong_to_the_name_and_observable_instruments_are_asked_when_read()
    {
        var value = 1.5;
        meter.CreateObservableGauge(unique + ".age", () => value, "s", "Age");
        meter.CreateObservableCounter(unique + ".read", () => 7L, "By", "Read");
        var upDown = meter.CreateUpDownCounter<int>(unique + ".open");
        upDown.Add(3);
        upDown.Add(-1);
        value = 2.25;
        var lines = Lines();
        Assert.Contains(Name(".age_seconds") + " 2.25", lines);
        Assert.Contains($"# TYPE {Name(".age_seconds")} gauge", lines);
        Assert.Contains(Name(".read_bytes_total") + " 7", lines);
        Assert.Contains($"# TYPE {Name(".open")} gauge", lines);
        Assert.Contains(Name(".open") + " 2", lines);
    }

    [Fact]
    public void Buckets_of_a_histogram_are_cumulative_and_end_with_all()
    {
        var histogram = meter.CreateHistogram<double>(unique + ".duration", "s", "How long");
        foreach (var value in new[] { 0.0001, 0.005, 0.0051, 0.3, 42 })
        {
            histogram.Record(value, KeyValuePair.Create<string, object?>("http.route", "/buy"));
        }

        var name = Name(".duration_seconds");
        var lines = Lines();
        List<long> buckets =
        [
            .. lines.Where(l => l.StartsWith(name + "_bucket{", StringComparison.Ordinal))
                .Select(l => long.Parse(l.Split(' ')[^1], CultureInfo.InvariantCulture)),
        ];
        Assert.Equal(buckets.Order(), buckets);
        Assert.Contains($$"""{{name}}_bucket{http_route="/buy",le="0.005"} 2""", lines); // an edge belongs to its bucket
        Assert.Contains($$"""{{name}}_bucket{http_route="/buy",le="0.01"} 3""", lines);
        Assert.Contains($$"""{{name}}_bucket{http_route="/buy",le="10"} 4""", lines);
        Assert.Contains($$"""{{name}}_bucket{http_route="/buy",le="+Inf"} 5""", lines);
        Assert.Contains($$"""{{name}}_count{http_route="/buy"} 5""", lines);
        Assert.Contains(lines, l => l.StartsWith($$"""{{name}}_sum{http_route="/buy"} 42.3""", StringComparison.Ordinal));
        Assert.Contains($"# TYPE {name} histogram", lines);
    }

    [Fact]
    public void Quotes_backslashes_and_line_feeds_are_escaped()
    {
        meter.CreateCounter<long>(unique + ".x", null, "back\\slash \"quote\"\nline")
            .Add(1, KeyValuePair.Create<string, object?>("a-b.c", "\"\\\n"));
        var name = Name(".x_total");
        Assert.Equal(
            [$"""# HELP {name} back\\slash "quote"\nline""", $"# TYPE {name} counter", $$"""{{name}}{a_b_c="\"\\\n"} 1"""],
            Lines());
    }

    [Fact]
    public void Two_instruments_of_a_name_are_one_metric()
    {
        using var other = new Meter(meter.Name);
        meter.CreateCounter<long>(unique + ".sent", null, "What was sent").Add(1);
        other.CreateCounter<long>(unique + ".sent", null, "What was sent").Add(2);
        var name = Name(".sent_total");
        Assert.Equal([$"# HELP {name} What was sent", $"# TYPE {name} counter", $"{name} 3"], Lines());
    }

    [Fact]
    public void A_meter_of_somebody_else_is_not_ours_to_tell()
    {
        using var foreign = new Meter("Other");
        foreign.CreateCounter<long>(unique + ".foreign").Add(1);
        Assert.Empty(Lines());
    }

    [Fact]
    public async Task The_address_answers_in_the_text_format()
    {
        await using var dashboard = await RunningDashboard.StartAsync(new FakeClock());
        using var answer = await dashboard.GetAsync("/metrics");
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
        var text = await answer.Content.ReadAsStringAsync();
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        string[] lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        foreach (var kind in new[] { "# HELP ", "# TYPE " })
        {
            List<string> names = [.. lines.Where(l => l.StartsWith(kind, StringComparison.Ordinal)).Select(l => l.Split(' ')[2])];
            Assert.Equal(names.Distinct(), names);
        }

        Assert.All(
            lines.Where(l => l[0] != '#'),
            line => Assert.Matches("""^[a-zA-Z_:][a-zA-Z0-9_:]*(\{([a-zA-Z_][a-zA-Z0-9_]*="([^"\\]|\\.)*",?)*\})? \S+$""", line));
        Assert.Equal(lines.Where(l => l[0] != '#').Select(l => l[..l.LastIndexOf(' ')]).Distinct().Count(), lines.Count(l => l[0] != '#'));
    }

    private string[] Lines() =>
    [
        .. PrometheusText.Write(readings).Split('\n').Where(l => l.Contains(unique.Replace('.', '_'), StringComparison.Ordinal)),
    ];

    private string Name(string suffix) => (unique + suffix).Replace('.', '_');
}
