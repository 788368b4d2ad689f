using Kpi.Rollups.Intake;
using Kpi.Witness;
using static Kpi.Tests.Collector.TestPoints;

namespace Kpi.Tests.Collector.Otlp.Metrics;

/// <summary>Ingest reference 1.8, last trap: a string that is not UTF-8 rejects the points it belongs to, and no others.</summary>
public sealed class MetricDecoderUtf8Tests : IDisposable
{
    private const string Bad = TestSpans.Spoiled;

    private static readonly Dictionary<string, (int Points, Action<ResourceMetrics> Change)> Places = new()
    {
        ["resource attribute"] = (2, r => r.Resource.Attributes.Add(TestSpans.Attribute("host.name=" + Bad))),
        ["instance"] = (2, r => r.Resource.Attributes.Add(TestSpans.Attribute("service.instance.id=" + Bad))),
        ["resource schema"] = (2, r => r.SchemaUrl = Bad),
        ["scope schema"] = (2, r => r.ScopeMetrics[0].SchemaUrl = Bad),
        ["scope name"] = (2, r => r.ScopeMetrics[0].Scope.Name = Bad),
        ["name"] = (2, r => MetricOf(r).Name = Bad),
        ["unit"] = (2, r => MetricOf(r).Unit = Bad),
        ["description"] = (2, r => MetricOf(r).Description = Bad),
        ["metadata"] = (2, r => MetricOf(r).Metadata.Add(TestSpans.Attribute("k=" + Bad))),
        ["attribute key"] = (1, r => PointOf(r).Attributes.Add(TestSpans.Attribute(Bad + "=v"))),
        ["attribute value"] = (1, r => PointOf(r).Attributes.Add(TestSpans.Attribute("k=" + Bad))),
        ["array item"] = (1, r => PointOf(r).Attributes.Add(new KeyValue { Key = "k", Value = new AnyValue { ArrayValue = new ArrayValue { Values = { new AnyValue { StringValue = Bad } } } } })),
        ["exemplar attribute"] = (1, r => PointOf(r).Exemplars.Add(new Exemplar { FilteredAttributes = { TestSpans.Attribute("k=" + Bad) } })),
    };

    private readonly MetricBed bed = new();

    public static TheoryData<string> Names => [.. Places.Keys];

    public void Dispose() => bed.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void It_rejects_what_it_belongs_to(string place)
    {
        var (points, change) = Places[place];
        var bad = From("bad", Delta(Point(1, 0, 10, "p=1"), Point(1, 0, 10, "p=2")));
        change(bad);
        var body = TestSpans.Spoil(new ExportMetricsServiceRequest { ResourceMetrics = { From("one", Delta(Point(1))), bad, From("two", Delta(Point(1))) } });

        // Twice: with series to be made, and with all known.
        for (var round = 0; round < 2; round++)
        {
            var tally = bed.Take(body);
            Assert.Equal((4, points, points), (tally.Items, tally.Rejected, tally[RejectReason.InvalidUtf8]));
        }

        Assert.Equal(4 - points, bed.Catalog.Count);
    }

    private static Metric MetricOf(ResourceMetrics resource) => resource.ScopeMetrics[0].Metrics[0];

    private static NumberDataPoint PointOf(ResourceMetrics resource) => MetricOf(resource).Sum.DataPoints[0];
}
