using System.Collections.Immutable;
using Kpi.Rollups.Cells;
using Kpi.Rollups.Coverage;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Reading;
using Kpi.Rollups.Store;
using Kpi.Rollups.Time;
using Kpi.Tests.Rollups.Cells;

namespace Kpi.Tests.Rollups.Store;

/// <summary>What a store promises, in the simplest form: immutable lists swapped under a lock.</summary>
internal sealed class MemoryRollupStore(MemoryRollupStore.Contents contents, RollupLimits? given = null) : IRollupStore
{
    private readonly RollupLimits limits = given ?? new RollupLimits();

    /// <summary>What stays when a store is closed.</summary>
    internal sealed class Contents
    {
        public Lock Gate { get; } = new();

        public State Now { get; set; } = new([], [], []);
    }

    internal sealed record State(
        ImmutableDictionary<Guid, FlushMark> Writers,
        ImmutableList<DistributionIncrement> Distributions,
        ImmutableList<CounterIncrement> Counters)
    {
        public ImmutableList<GaugeIncrement> Gauges { get; init; } = [];

        public ImmutableList<HistogramIncrement> Histograms { get; init; } = [];

        public int DroppedTo { get; init; }

        public long Drops { get; init; }

        public long Refused { get; init; }

        public ImmutableList<(Guid Writer, CoverageIncrement Added)> Coverage { get; init; } = [];
    }

    public ValueTask<CommitOutcome> CommitAsync(FlushCommit commit, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (contents.Gate)
        {
            var now = contents.Now;
            if (now.Writers.GetValueOrDefault(commit.Writer).Number >= commit.Mark.Number)
            {
                return new(CommitOutcome.AlreadyCommitted);
            }

            var distributions = commit.Distributions.Select(d => d with { Cell = Copy(d.Cell) }).Where(d => d.Slice.Number > now.DroppedTo).ToList();
            var counters = commit.Counters.Where(c => c.Slice.Number > now.DroppedTo).ToList();
            var gauges = commit.Gauges.Where(g => g.Slice.Number > now.DroppedTo).ToList();
            var histograms = commit.Histograms.Select(h => h with { Cell = Counted.Copy(h.Cell) }).Where(h => h.Slice.Number > now.DroppedTo).ToList();
            contents.Now = now with
            {
                Gauges = now.Gauges.AddRange(gauges),
                Histograms = now.Histograms.AddRange(histograms),
                Writers = now.Writers.SetItem(commit.Writer, commit.Mark),
                Distributions = now.Distributions.AddRange(distributions),
                Counters = now.Counters.AddRange(counters),
                Coverage = now.Coverage.Add((commit.Writer, commit.Coverage)),
                Refused = now.Refused + commit.Distributions.Count + commit.Counters.Count + commit.Gauges.Count + commit.Histograms.Count
                    - distributions.Count - counters.Count - gauges.Count - histograms.Count,
            };
            return new(CommitOutcome.Applied);
        }
    }

    public ValueTask<IRollupSnapshot> OpenSnapshotAsync(CancellationToken cancellation)
    {
        lock (contents.Gate)
        {
            return new(new Snapshot(contents.Now));
        }
    }

    public StoreFigures Figures => new(0, 0, contents.Now.Refused, StoreFigures.None.DroppedForSpace);

    public ValueTask<bool> MaintainAsync(Slice now, CancellationToken cancellation)
    {
        var dropped = now.Plus(-(int)(limits.Retention / Slice.Length));
        lock (contents.Gate)
        {
            var before = contents.Now;
            contents.Now = before with
            {
                Distributions = before.Distributions.RemoveAll(d => d.Slice.Number <= dropped.Number),
                Counters = before.Counters.RemoveAll(c => c.Slice.Number <= dropped.Number),
                Gauges = before.Gauges.RemoveAll(g => g.Slice.Number <= dropped.Number),
                Histograms = before.Histograms.RemoveAll(h => h.Slice.Number <= dropped.Number),
                Drops = before.Drops + (dropped.Number > before.DroppedTo ? 1 : 0),
                DroppedTo = Math.Max(dropped.Number, before.DroppedTo),
            };
        }

        return new(false);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static DistributionCell Copy(DistributionCell cell)
    {
        var copy = new DistributionCell(new CellMemory());
        copy.Reset(cell.Edges);
        (copy.Count, copy.Observed, copy.Valueless, copy.Zeros) = (cell.Count, cell.Observed, cell.Valueless, cell.Zeros);
        copy.SquaredWeights = cell.SquaredWeights;
        (copy.Sum, copy.Min, copy.Max) = (cell.Sum, cell.Min, cell.Max);
        for (var i = 0; i < cell.AtEdges.Length; i++)
        {
            copy.SetAtEdge(i, cell.AtEdges[i]);
        }

        for (var i = 0; i < cell.Buckets.Length; i++)
        {
            copy.SetBucket(cell.FirstBucket + i, cell.Buckets[i]);
        }

        return copy;
    }

    private sealed class Snapshot(State state) : IRollupSnapshot
    {
        public ValueTask<FlushMark> LastFlushAsync(Guid writer, CancellationToken cancellation) => new(state.Writers.GetValueOrDefault(writer));

        public ValueTask<CoverageIncrement> CoverageAsync(Guid writer, CancellationToken cancellation)
        {
            var own = state.Coverage.Where(c => c.Writer == writer).ToList();
            var reach = state.Coverage.Select(c => c.Added.Reach).LastOrDefault();
            var heard = state.Coverage.SelectMany(c => c.Added.Heard).GroupBy(h => h.Source, h => h.Slices);
            return new(new CoverageIncrement(
                Merged(own.SelectMany(c => c.Added.Up), 1),
                Merged(own.SelectMany(c => c.Added.Missed), 1),
                [.. heard.SelectMany(h => Merged(h, reach).Select(r => new HeardSlices(h.Key, r)))],
                1));
        }

        private static List<SliceRange> Merged(IEnumerable<SliceRange> ranges, int reach)
        {
            var mask = new SliceMask(reach);
            foreach (var range in ranges)
            {
                mask.Add(range);
            }

            return [.. mask.Ranges];
        }

        public ValueTask<long> DropsAsync(CancellationToken cancellation) => new(state.Drops);

        public ValueTask<IReadOnlyList<Series>> FindSeriesAsync(Func<Series, bool> wanted, CancellationToken cancellation) =>
            new([.. state.Distributions.Select(d => d.Series).Concat(state.Counters.Select(c => c.Series))
                .Concat(state.Gauges.Select(g => g.Series)).Concat(state.Histograms.Select(h => h.Series)).Distinct().Where(wanted)]);

        public ValueTask ReadAsync(CellQuery query, ICellVisitor visitor, CancellationToken cancellation)
        {
            var range = query.Range;
            bool Asked(Series series) => query.Only?.Contains(series) != false && visitor.Wants(series);
            foreach (var (series, slice, cell) in state.Distributions.Where(d => range.Contains(d.Slice) && Asked(d.Series)))
            {
                visitor.Visit(series, slice, cell);
            }

            foreach (var (series, slice, cell) in state.Counters.Where(c => range.Contains(c.Slice) && Asked(c.Series)))
            {
                visitor.Visit(series, slice, cell);
            }

            foreach (var (series, slice, cell) in state.Gauges.Where(g => range.Contains(g.Slice) && Asked(g.Series)))
            {
                visitor.Visit(series, slice, cell);
            }

            foreach (var (series, slice, cell) in state.Histograms.Where(h => range.Contains(h.Slice) && Asked(h.Series)))
            {
                visitor.Visit(series, slice, cell);
            }

            return ValueTask.CompletedTask;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
