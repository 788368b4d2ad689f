using System.Runtime.InteropServices;
using Kpi.Collector.Lookup;
using Kpi.Rollups.Cells;

namespace Kpi.Collector.Points;

/// <summary>
/// One layout for equal bounds, found by their bytes without a lock. Knows <see cref="MostKnown"/>; whoever changes bounds with every
/// point gets a new one each time then.
/// </summary>
internal sealed class HistogramLayouts
{
    private const int MostKnown = 10_000;

    private readonly Lock gate = new();
    private readonly ByteKeyTable byBounds = new(MostKnown);
    private volatile HistogramLayout[] known = [];

    /// <summary>The layout of bounds; null when they are none: not ascending, not finite, too many.</summary>
    public HistogramLayout? Of(ReadOnlySpan<double> bounds)
    {
        var key = MemoryMarshal.AsBytes(bounds);
        return byBounds.TryGet(key, out var at) ? known[(int)at]
            : HistogramLayout.AreBounds(bounds) ? Add(key, HistogramLayout.Of(bounds))
            : null;
    }

    private HistogramLayout Add(ReadOnlySpan<byte> key, HistogramLayout layout)
    {
        lock (gate)
        {
            if (!byBounds.TryGet(key, out _) && known.Length < MostKnown)
            {
                known = [.. known, layout];
                byBounds.TrySet(key, known.Length - 1);
            }
        }

        return layout;
    }
}
