using Google.Protobuf;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Intake;
using Kpi.Witness;
using static Kpi.Tests.Collector.TestPoints;

namespace Kpi.Tests.Collector.Points;

public sealed class PointLabelsTests : IDisposable
{
    private static readonly Dictionary<string, AnyValue> ByText = new()
    {
        ["text"] = new AnyValue { StringValue = "text" },
        ["-7"] = new AnyValue { IntValue = -7 },
        ["true"] = new AnyValue { BoolValue = true },
        ["false"] = new AnyValue { BoolValue = false },
        ["1.5"] = new AnyValue { DoubleValue = 1.5 },
        ["\"NaN\""] = new AnyValue { DoubleValue = double.NaN },
        ["AQL/"] = new AnyValue { BytesValue = ByteString.CopyFrom(1, 2, 255) },
        ["[\"é\",1,null]"] = new AnyValue { ArrayValue = new ArrayValue { Values = { new AnyValue { StringValue = "é" }, new AnyValue { IntValue = 1 }, new AnyValue() } } },
        ["{\"a\":\"b\"}"] = new AnyValue { KvlistValue = new KeyValueList { Values = { TestSpans.Attribute("a=b") } } },
    };

    private readonly MetricBed bed = new();

    public static TheoryData<string> Texts => [.. ByText.Keys];

    public void Dispose() => bed.Dispose();

    [Theory]
    [MemberData(nameof(Texts))]
    public void A_value_of_any_kind_is_a_label(string expected)
    {
        var point = Point(1);
        point.Attributes.Add(new KeyValue { Key = "k", Value = ByText[expected] });
        Assert.Equal(expected, LabelsOf(point)["k"]);
    }

    [Theory]
    [InlineData("k=", null)]
    [InlineData("k=b", "b")]
    public void Of_a_name_given_twice_the_last_counts_and_an_empty_value_is_none(string last, string? expected) =>
        Assert.Equal(expected, LabelsOf(Point(1, 0, 10, "k=a", last))["k"]);

    [Fact]
    public void An_attribute_beats_a_label_of_the_resource_but_the_names_that_are_ours_it_never_gets()
    {
        var labels = LabelsOf(Point(1, 0, 10, "service.name=behind", "__name__=http.server.request.duration", "kpi.from=spans"));
        Assert.Equal(("behind", "app.orders", null), (labels[LabelNames.ServiceName], labels[LabelNames.MetricName], labels[LabelNames.From]));
    }

    [Fact]
    public void A_long_value_is_other_each_time()
    {
        var request = Request(Delta(Point(1, 0, 10, "k=" + new string('x', 257)), Point(1, 0, 10, "k=" + new string('y', 300)), Point(1, 0, 10, "k=" + new string('z', 20_000))));
        for (var round = 1; round <= 2; round++)
        {
            var tally = bed.Take(request);
            Assert.Equal((0, 3), (tally.Rejected, tally[RejectReason.LongLabelValue]));
            Assert.Equal(3 * round, bed.Increases()["app.orders{k=\"_OTHER\"}"]);
        }

        Assert.Equal(1, bed.Catalog.Count);
    }

    private Labels LabelsOf(NumberDataPoint point)
    {
        bed.Take(Request(Delta(point)));
        bed.Take(Request(Delta(point)));
        return Assert.Single(bed.Totals().Series.Values).Labels;
    }
}
