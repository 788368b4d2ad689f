using Google.Protobuf;
using Kpi.Collector.Otlp;
using Kpi.Collector.Otlp.Metrics;
using Kpi.Rollups;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Intake;
using Kpi.Rollups.Lanes;
using Kpi.Rollups.Time;
using Kpi.Tests.Rollups.Reading;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kpi.Tests.Collector;

/// <summary>A decoder of counters, of metrics unless another is named, over a catalogue of its own, and one lane behind it.</summary>
internal sealed class MetricBed : IDisposable
{
    private static readonly SliceRange All = new(new Slice(0), new Slice(int.MaxValue));

    private readonly Rollup rollup;
    private readonly ISignalDecoder decoder;
    private readonly LaneCells cells;

    public MetricBed(RollupLimits? limits = null, Func<Rollup, ISignalDecoder>? decoder = null)
    {
        var opening = Rollup.OpenAsync(
            new NoStore(), limits ?? new RollupLimits(), Guid.NewGuid(), TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None);
        rollup = opening.GetAwaiter().GetResult();
        this.decoder = decoder?.Invoke(rollup) ?? new MetricDecoder(rollup);
        cells = new LaneCells(rollup.Catalog, 0, 1, rollup.Intake);
    }

    public SeriesCatalog Catalog => rollup.Catalog;

    public IntakeTally Intake => rollup.Intake;

    public SampleBatch Batch { get; } = new();

    public void Dispose() => rollup.DisposeAsync().AsTask().GetAwaiter().GetResult();

    public bool TryDecode(ReadOnlySpan<byte> body, out ItemTally tally)
    {
        Batch.Clear();
        return decoder.TryDecode(body, TestSpans.Receipt, Batch, out tally);
    }

    /// <summary>Decodes a sound body and applies it.</summary>
    public ItemTally Take(IMessage request) => Take(request.ToByteArray());

    public ItemTally Take(byte[] body)
    {
        Assert.True(TryDecode(body, out var tally));
        cells.Apply(Batch);
        return tally;
    }

    /// <summary>All that was counted, by series and slice.</summary>
    public CellTotals Totals()
    {
        var totals = new CellTotals();
        cells.Visit(All, 0, totals);
        return totals;
    }

    /// <summary>What a series gained in all, by its labels but for service, instance and scope: <c>app.orders{a="1"}</c>.</summary>
    public Dictionary<string, double> Increases()
    {
        var totals = Totals();
        return totals.Counters
            .GroupBy(c => Short(totals.Series[c.Key.Series].Labels), c => c.Value.Increase)
            .ToDictionary(g => g.Key, g => g.Aggregate((sum, c) => sum + c).ToDouble());
    }

    private static string Short(Labels labels) =>
        labels[LabelNames.MetricName] + Labels.Of(labels.Where(l => l.Key is not (LabelNames.MetricName or LabelNames.ServiceName or LabelNames.ScopeName or "service.instance.id")));
}
