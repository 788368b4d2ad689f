using System.Runtime.InteropServices;
using Kpi.Collector.Lookup;
using Kpi.Rollups.Cells;

namespace Kpi.Collector.Points;

/// <summary>
/// One layout for equal buckets, found by their bytes without a lock. Knows <see cref="MostKnown"/> at a time, 8 KB each at most; when it is
/// full it begins anew.
/// </summary>
internal sealed class HistogramLayouts
{
    private const int MostKnown = 2_000;

    private readonly Table ofBounds = new();
    private readonly Table ofScales = new();

    /// <summary>The layout of bounds; null when they are none: not ascending, not finite, too many.</summary>
    public HistogramLayout? Of(ReadOnlySpan<double> bounds)
    {
        var key = MemoryMarshal.AsBytes(bounds);
        return ofBounds.Find(key) ?? (HistogramLayout.AreBounds(bounds) ? ofBounds.Add(key, HistogramLayout.Of(bounds)) : null);
    }

    /// <summary>The layout of a scale and a zero threshold that there are.</summary>
    public HistogramLayout Of(int scale, double zeroThreshold)
    {
        if (zeroThreshold == 0)
        {
            return HistogramLayout.Of(scale, 0);
        }

        ReadOnlySpan<double> key = [scale, zeroThreshold];
        var bytes = MemoryMarshal.AsBytes(key);
        return ofScales.Find(bytes) ?? ofScales.Add(bytes, HistogramLayout.Of(scale, zeroThreshold));
    }

    private sealed class Table
    {
        private readonly Lock gate = new();
        private volatile Known known = new();

        public HistogramLayout? Find(ReadOnlySpan<byte> key) => known.Find(key);

        public HistogramLayout Add(ReadOnlySpan<byte> key, HistogramLayout layout)
        {
            lock (gate)
            {
                if (known.Find(key) is { } other)
                {
                    return other;
                }

                known = known.Count < MostKnown ? known : new Known();
                known.Add(key, layout);
                return layout;
            }
        }
    }

    private sealed class Known
    {
        private readonly ByteKeyTable places = new(MostKnown);
        private readonly HistogramLayout[] layouts = new HistogramLayout[MostKnown];

        public int Count { get; private set; }

        // A place is known only once its layout stands there.
        public HistogramLayout? Find(ReadOnlySpan<byte> key) => places.TryGet(key, out var at) ? layouts[at] : null;

        public void Add(ReadOnlySpan<byte> key, HistogramLayout layout)
        {
            layouts[Count] = layout;
            places.TrySet(key, Count++);
        }
    }
}
