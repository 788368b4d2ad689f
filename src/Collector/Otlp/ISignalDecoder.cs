using Kpi.Rollups.Lanes;
using Kpi.Rollups.Time;

namespace Kpi.Collector.Otlp;

/// <summary>Turns the bodies of one signal into samples. Shared by all requests; keeps no state of any.</summary>
internal interface ISignalDecoder
{
    OtlpSignal Signal { get; }

    /// <summary>Fills the batch. False when the body is malformed: then the batch is empty and no series was made.</summary>
    bool TryDecode(ReadOnlySpan<byte> body, UnixNanos receipt, SampleBatch batch, out ItemTally tally);
}
