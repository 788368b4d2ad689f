namespace Kpi.Collector.Points;

/// <summary>What was read of one data point. Reset for each.</summary>
internal ref struct PointFacts
{
    /// <summary>The point, for who needs its attributes.</summary>
    public ReadOnlySpan<byte> Message;
    public ulong Start;
    public ulong Time;
    public long Bits;
    public PointValue Value;
    public bool HasNoRecordedValue;
    public bool IsUtf8;
    public int Attributes;

    /// <summary>What a histogram or summary has instead of a value.</summary>
    public HistogramFacts Counts;
}

/// <summary>What a point's value is.</summary>
internal enum PointValue
{
    None,
    Integer,
    Double,
}
