using Kpi.Rollups.Cells;
using Kpi.Rollups.Time;

namespace Kpi.Rollups.Lanes;

/// <summary>
/// One data point of a counter as it came, on its way to the lane that makes an increase of it: an increase already, a running
/// total, or the mark that the sender had no value any more.
/// </summary>
public readonly record struct CounterSample
{
    private readonly long bits;
    private readonly Form form;

    private CounterSample(int slot, Form form, UnixNanos start, UnixNanos time, long bits)
    {
        Slot = slot;
        Start = start;
        Time = time;
        this.form = form;
        this.bits = bits;
    }

    [Flags]
    private enum Form
    {
        Double = 0,
        Integer = 1,
        Increase = 2,
        Stale = 4,
    }

    /// <summary>The series.</summary>
    public int Slot { get; }

    /// <summary>Since when the value counts; 0, or later than <see cref="Time"/>, when nobody knows.</summary>
    public UnixNanos Start { get; }

    /// <summary>Up to when the value counts.</summary>
    public UnixNanos Time { get; }

    /// <summary>Whether the value is what was added since <see cref="Start"/>; else it is the sender's running total.</summary>
    public bool IsIncrease => (form & Form.Increase) != 0;

    /// <summary>Whether the value came as an integer.</summary>
    public bool IsInteger => (form & Form.Integer) != 0;

    /// <summary>Whether there is no value: the sender lost sight of the series.</summary>
    public bool IsStale => (form & Form.Stale) != 0;

    /// <summary>The value, integers exactly.</summary>
    public FixedSum Value => IsInteger ? FixedSum.From(bits) : FixedSum.From(BitConverter.Int64BitsToDouble(bits));

    /// <summary>A running total as the sender wrote it, to the precision of a double; NaN when there is none.</summary>
    public double Raw => IsIncrease || IsStale ? double.NaN
        : IsInteger ? bits
        : BitConverter.Int64BitsToDouble(bits);

    /// <summary>What was added between two instants; not negative.</summary>
    public static CounterSample Increase(int slot, UnixNanos start, UnixNanos time, long value) =>
        new(slot, Form.Increase | Form.Integer, start, time, value);

    /// <summary>What was added between two instants; finite and not negative.</summary>
    public static CounterSample Increase(int slot, UnixNanos start, UnixNanos time, double value) =>
        new(slot, Form.Increase, start, time, BitConverter.DoubleToInt64Bits(value));

    /// <summary>A running total; not negative.</summary>
    public static CounterSample Total(int slot, UnixNanos start, UnixNanos time, long value) =>
        new(slot, Form.Integer, start, time, value);

    /// <summary>A running total; finite and not negative.</summary>
    public static CounterSample Total(int slot, UnixNanos start, UnixNanos time, double value) =>
        new(slot, Form.Double, start, time, BitConverter.DoubleToInt64Bits(value));

    /// <summary>No value.</summary>
    public static CounterSample Stale(int slot, UnixNanos time) => new(slot, Form.Stale, default, time, 0);
}
