namespace Kpi.Rollups.Time;

/// <summary>Whole slices, <paramref name="First"/> to <paramref name="Last"/>, both inside.</summary>
public readonly record struct SliceRange(Slice First, Slice Last)
{
    /// <summary>How many slices; 0 when <see cref="Last"/> lies before <see cref="First"/>.</summary>
    public int Count => Math.Max(0, Last.Number - First.Number + 1);

    /// <summary>The instant at which the range begins; not itself inside.</summary>
    public UnixNanos From => First.Plus(-1).End;

    /// <summary>The instant at which the range ends; inside.</summary>
    public UnixNanos To => Last.End;

    /// <summary>The window that ends at the next edge at or after <paramref name="now"/>; its length is rounded up to whole slices.</summary>
    public static SliceRange EndingAt(UnixNanos now, TimeSpan length)
    {
        var last = Slice.Of(now);
        var slices = (int)Math.Ceiling(length / Slice.Length);
        return new SliceRange(last.Plus(1 - slices), last);
    }

    /// <summary>A slice is a range of one.</summary>
    public static implicit operator SliceRange(Slice slice) => new(slice, slice);

    /// <summary>Whether a slice lies in the range.</summary>
    public bool Contains(Slice slice) => slice.Number >= First.Number && slice.Number <= Last.Number;
}
