using Google.Protobuf;
using Kpi.Collector.Otlp;
using Kpi.Collector.Otlp.Traces;
using Kpi.Rollups;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Lanes;
using Kpi.Rollups.Time;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kpi.Tests.Collector;

/// <summary>A sample with its series in words.</summary>
internal readonly record struct Sample(string Labels, int Slice, long Nanos, ulong Weight);

/// <summary>What the decoder said of a body.</summary>
internal sealed record Decoded(bool Taken, ItemTally Tally, IReadOnlyList<Sample> Samples);

/// <summary>A decoder over a catalogue of its own.</summary>
internal sealed class DecoderBed : IDisposable
{
    private readonly Rollup rollup;
    private readonly TraceDecoder decoder;
    private readonly SampleBatch batch = new();

    public DecoderBed(RollupLimits? limits = null)
    {
        var opening = Rollup.OpenAsync(
            new NoStore(), limits ?? new RollupLimits(), Guid.NewGuid(), TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None);
        rollup = opening.GetAwaiter().GetResult();
        decoder = new TraceDecoder(rollup);
    }

    public SeriesCatalog Catalog => rollup.Catalog;

    public void Dispose() => rollup.DisposeAsync().AsTask().GetAwaiter().GetResult();

    public Decoded Decode(IMessage request) => Decode(request.ToByteArray());

    public Decoded Decode(ReadOnlySpan<byte> body) => Decode(body, TestSpans.Receipt);

    public Decoded Decode(ReadOnlySpan<byte> body, UnixNanos receipt)
    {
        var samples = new List<Sample>();
        var taken = TryDecode(body, receipt, out var tally, out var durations);
        foreach (var sample in durations)
        {
            samples.Add(new Sample(Catalog[sample.Slot].Identity.Labels.ToString(), sample.Slice, sample.Nanos, sample.Weight));
        }

        return new Decoded(taken, tally, samples);
    }

    /// <summary>Without words, for many bodies; the samples are valid until the next call.</summary>
    public bool TryDecode(ReadOnlySpan<byte> body, UnixNanos receipt, out ItemTally tally, out ReadOnlySpan<DurationSample> samples)
    {
        batch.Clear();
        var taken = decoder.TryDecode(body, receipt, batch, out tally);
        samples = batch.Durations;
        return taken;
    }

    /// <summary>The series of the one span, <c>metric{labels}</c>, without the labels that all series of a test share; null when it is not counted.</summary>
    public string? SeriesOf(Kpi.Witness.Span span)
    {
        var decoded = Decode(TestSpans.Request(span));
        Assert.True(decoded.Taken);
        return decoded.Samples.Count == 0 ? null : Short(Catalog[SlotOf(span)].Identity.Labels);
    }

    private int SlotOf(Kpi.Witness.Span span)
    {
        TryDecode(TestSpans.Request(span).ToByteArray(), TestSpans.Receipt, out _, out var samples);
        return Assert.Single(samples.ToArray()).Slot;
    }

    private static string Short(Labels labels) =>
        labels[LabelNames.MetricName] + Labels.Of(labels.Where(l => l.Key is not (LabelNames.MetricName or LabelNames.From or LabelNames.ServiceName)));
}
