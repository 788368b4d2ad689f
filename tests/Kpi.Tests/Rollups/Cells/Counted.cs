using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Kpi.Rollups.Cells;

namespace Kpi.Tests.Rollups.Cells;

/// <summary>Histograms of plain values, put into buckets one at a time as a sender does; and all they say in a form to compare.</summary>
internal static class Counted
{
    /// <summary>The bounds that most senders have.</summary>
    public static readonly HistogramLayout Usual = HistogramLayout.Of([0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]);

    /// <summary>Cuts of all sorts; two are equal to another.</summary>
    public static readonly HistogramLayout[] Layouts =
    [
        Usual, HistogramLayout.Of([]), HistogramLayout.Of([0, 1, 100]), HistogramLayout.Of([0, 1, 100]), HistogramLayout.Of([-5, 0.5, 5]),
        HistogramLayout.Of(6, 0), HistogramLayout.Of(3, 0), HistogramLayout.Of(3, 0.25), HistogramLayout.Of(3, 0.25), HistogramLayout.Of(-2, 1), HistogramLayout.Of(-11, 0),
    ];

    /// <summary>Values on and between bounds, and of any size.</summary>
    public static readonly Gen<double> AnyValue = Gen.OneOf(
        Gen.Elements(0, 0.25, 0.5, 1, 2, 4, 5, 10, 100, 1e-300, 1e300),
        Gen.Choose(1, 1_000_000).Select(i => i / 997.0),
        from octave in Gen.Choose(-40, 40) from part in Gen.Choose(0, 1_000) select Math.ScaleB(1 + (part / 1_001.0), octave));

    /// <summary>Cells of any cut with values of either sign where the cut tells them apart; each has at most a handful.</summary>
    public static readonly Gen<(HistogramLayout Layout, double[] Values)> AnyCell =
        from layout in Gen.Elements(Layouts)
        from values in Gen.ArrayOf(from value in AnyValue from negative in Gen.Choose(0, 4) select negative == 0 && TellsNegatives(layout) ? -value : value)
        select (layout, values);

    /// <summary>Whether nothing under zero lies in a bucket with something over it that has no lower end.</summary>
    public static bool TellsNegatives(HistogramLayout layout) => layout.Scale is not null || (layout.Bounds.Length > 0 && layout.Bounds[0] <= 0);

    public static void Count(HistogramCounts into, double value, long times = 1)
    {
        into.Count += times;
        into.Sum += FixedSum.From(value * times);
        if (into.Layout.Scale is { } scale)
        {
            if (Math.Abs(value) <= into.Layout.ZeroThreshold)
            {
                into.Zeros += times;
                return;
            }

            (value > 0 ? into.Positive : into.Negative).Add(SketchMath.IndexOf(Math.Abs(value)) >> (HistogramLayout.MostScale - scale), [times]);
            return;
        }

        var at = 0;
        while (at < into.Layout.Bounds.Length && value > into.Layout.Bounds[at])
        {
            at++;
        }

        into.Positive.Add(at, [times]);
    }

    /// <summary>One sample of values; its extremes are told or not.</summary>
    public static HistogramCell Cell(HistogramLayout layout, double[] values, bool toldRange = false, long offset = 1)
    {
        var cell = new HistogramCell();
        cell.Reset(layout);
        foreach (var value in values)
        {
            Count(cell.Increase, value);
        }

        if (values.Length > 0)
        {
            (cell.Min, cell.Max) = toldRange ? (values.Min(), values.Max()) : (double.NaN, double.NaN);
        }

        cell.NoteSample(1, offset, stale: false);
        return cell;
    }

    public static HistogramCell Copy(HistogramCell of)
    {
        var copy = new HistogramCell();
        copy.Reset(of.Increase.Layout);
        copy.Increase.Set(of.Increase);
        (copy.Min, copy.Max, copy.Samples, copy.LastOffset, copy.Stale) = (of.Min, of.Max, of.Samples, of.LastOffset, of.Stale);
        if (of.HasTotals)
        {
            copy.NoteTotals(of.Totals, of.TotalsStart, of.TotalsOffset);
        }

        return copy;
    }

    public static string Name(HistogramLayout layout) => layout.Scale is { } scale
        ? string.Create(CultureInfo.InvariantCulture, $"2^-{scale}±{layout.ZeroThreshold:R}")
        : $"[{string.Join(' ', layout.Bounds.ToArray().Select(b => b.ToString("R", CultureInfo.InvariantCulture)))}]";

    /// <summary>All that a cell says but for the totals.</summary>
    public static string Describe(HistogramCell cell) =>
        $"{Describe(cell.Increase)} {cell.Min:R}..{cell.Max:R} {cell.Samples} {cell.LastOffset} {cell.Stale}";

    /// <summary>The totals of a cell, if it has some.</summary>
    public static string DescribeTotals(HistogramCell cell) =>
        cell.HasTotals ? $"{cell.TotalsStart} {cell.TotalsOffset} {Describe(cell.Totals)}" : "no totals";

    public static string Describe(HistogramCounts counts) =>
        $"{Name(counts.Layout)} {counts.Count} {counts.Zeros} {counts.Sum?.Nanos.ToString(CultureInfo.InvariantCulture) ?? "none"} +{Describe(counts.Positive)} -{Describe(counts.Negative)}";

    public static string Describe(BucketRow row) =>
        string.Join(',', row.Counts.ToArray().Select((count, i) => (Index: row.First + i, Count: count)).Where(c => c.Count != 0).Select(c => $"{c.Index}:{c.Count}"));
}
