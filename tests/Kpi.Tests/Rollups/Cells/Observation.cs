using FsCheck;
using FsCheck.Fluent;
using Kpi.Rollups.Cells;
using Kpi.Rollups.Reading;

namespace Kpi.Tests.Rollups.Cells;

/// <summary>One thing seen: how long it took (negative: nobody knows) and how many events it stands for.</summary>
internal readonly record struct Observation(long Nanos, uint Weight = 1)
{
    /// <summary>Edge sets with shared and with own edges; several instances are equal to others.</summary>
    public static readonly EdgeSet[] EdgeSets =
        [EdgeSet.None, EdgeSet.Of([0.1, 0.25]), EdgeSet.Of([0.25, 0.1]), EdgeSet.Of([0.1, 0.5, 2]), EdgeSet.Of([1e-9, 1e-6, 3600])];

    /// <summary>Any duration: none, zero, around declared edges, and every octave that nanoseconds have.</summary>
    public static readonly Gen<Observation> Any =
        from nanos in Gen.OneOf(
            Gen.Elements(-1L, 0L, 1L, 99_999_999L, 100_000_000L, 100_000_001L, 250_000_000L, 500_000_000L, 2_000_000_000L, long.MaxValue),
            from octave in Gen.Choose(0, 62) from part in Gen.Choose(0, 1_000) select (1L << octave) + (long)((1L << octave) * (part / 1001.0)),
            Gen.Choose(1, 2_000_000_000).Select(n => (long)n))
        from weight in Gen.Frequency((8, Gen.Constant(1u)), (2, Gen.Choose(2, 1_000).Select(w => (uint)w)))
        select new Observation(nanos, weight);

    /// <summary>Some observations under one of <see cref="EdgeSets"/>.</summary>
    public static readonly Gen<(EdgeSet Edges, Observation[] Seen)> AnyCell =
        from edges in Gen.Elements(EdgeSets)
        from seen in Gen.ArrayOf(Any)
        select (edges, seen);

    public static DistributionCell Cell(EdgeSet edges, params ReadOnlySpan<Observation> seen)
    {
        var cell = new DistributionCell(new CellMemory());
        cell.Reset(edges);
        foreach (var one in seen)
        {
            one.AddTo(cell);
        }

        return cell;
    }

    public static Distribution Sum(params IEnumerable<(EdgeSet Edges, Observation[] Seen)> cells)
    {
        var sum = new Distribution();
        foreach (var (edges, seen) in cells)
        {
            sum.Add(Cell(edges, seen));
        }

        return sum;
    }

    /// <summary>All that a distribution answers, in a form to compare: totals, every rank and the counts at many edges.</summary>
    public static string Describe(Distribution of)
    {
        var ranks = Enumerable.Range(0, 21).Select(i => of.AtRank((long)Math.Ceiling(of.Measured * (decimal)i / 20))).Prepend(of.AtRank(1));
        double[] asked = [0, 1e-9, 1e-6, 0.05, 0.1, 0.2, 0.25, 0.3, 0.5, 1, 2, 60, 3600, 1e9, .. Enumerable.Range(-10, 40).Select(SketchMath.UpperEdge)];
        return string.Join('\n', [
            $"{of.Count} {of.Observed} {of.Valueless} {of.Measured} {of.Sum.Nanos} {of.Min:R} {of.Max:R}",
            .. ranks.Select(r => r is { } v ? $"{v.Value:R} {v.Low:R} {v.High:R}" : "none"),
            .. asked.Select(e => $"{e:R}: {of.CountAtMost(e)}")]);
    }

    private void AddTo(DistributionCell cell)
    {
        if (Nanos < 0)
        {
            cell.AddValueless(Weight);
        }
        else
        {
            Assert.True(cell.TryAdd(Nanos, Weight));
        }
    }
}
