using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Intake;
using Kpi.Witness;

namespace Kpi.Tests.Collector.Otlp.Traces;

/// <summary>Our decoder and translator against a plain reading of the same message.</summary>
public sealed class TraceDecoderWitnessTests : IDisposable
{
    private readonly DecoderBed bed = new();

    public void Dispose() => bed.Dispose();

    [Fact]
    public void Random_requests_become_what_a_plain_reading_of_them_says() =>
        Prop.ForAll(RandomRequests.Arbitrary, Agrees).Check(Config.QuickThrowOnFailure.WithMaxTest(3_000).WithReplay(20260203, 1));

    private void Agrees(ExportTraceServiceRequest request)
    {
        var expected = new SpanOracle(request, TestSpans.Receipt.Value, new RollupLimits());
        var body = request.ToByteArray();
        var decoded = bed.Decode(body);
        Assert.True(decoded.Taken);
        Assert.Equal(request.ResourceSpans.Sum(r => r.ScopeSpans.Sum(s => s.Spans.Count)), decoded.Tally.Items);
        Assert.Equal(expected.Samples, decoded.Samples);
        foreach (var reason in Enum.GetValues<RejectReason>())
        {
            Assert.Equal((reason, expected.Reasons.GetValueOrDefault(reason)), (reason, decoded.Tally[reason]));
        }

        Assert.Equal(expected.Reasons.Where(r => !IntakeTally.IsRemark(r.Key)).Sum(r => r.Value), decoded.Tally.Rejected);
    }
}
