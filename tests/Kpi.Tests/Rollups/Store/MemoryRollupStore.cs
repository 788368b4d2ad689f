using System.Collections.Immutable;
using Kpi.Rollups.Cells;
using Kpi.Rollups.Reading;
using Kpi.Rollups.Store;
using Kpi.Rollups.Time;

namespace Kpi.Tests.Rollups.Store;

/// <summary>What a store promises, in the simplest form: immutable lists swapped under a lock.</summary>
internal sealed class MemoryRollupStore(MemoryRollupStore.Contents contents) : IRollupStore
{
    /// <summary>What stays when a store is closed.</summary>
    internal sealed class Contents
    {
        public Lock Gate { get; } = new();

        public State Now { get; set; } = new([], [], []);
    }

    internal sealed record State(
        ImmutableDictionary<Guid, FlushMark> Writers,
        ImmutableList<DistributionIncrement> Distributions,
        ImmutableList<CounterIncrement> Counters);

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

            contents.Now = new State(
                now.Writers.SetItem(commit.Writer, commit.Mark),
                now.Distributions.AddRange(commit.Distributions.Select(d => d with { Cell = Copy(d.Cell) })),
                now.Counters.AddRange(commit.Counters));
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

    public ValueTask DropBeforeAsync(Slice firstKept, CancellationToken cancellation)
    {
        lock (contents.Gate)
        {
            contents.Now = contents.Now with
            {
                Distributions = contents.Now.Distributions.RemoveAll(d => d.Slice.Number < firstKept.Number),
                Counters = contents.Now.Counters.RemoveAll(c => c.Slice.Number < firstKept.Number),
            };
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static DistributionCell Copy(DistributionCell cell)
    {
        var copy = new DistributionCell(new CellMemory());
        copy.Reset(cell.Edges);
        (copy.Count, copy.Observed, copy.Valueless, copy.Zeros) = (cell.Count, cell.Observed, cell.Valueless, cell.Zeros);
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

        public ValueTask ReadAsync(SliceRange range, ICellVisitor visitor, CancellationToken cancellation)
        {
            foreach (var (series, slice, cell) in state.Distributions.Where(d => range.Contains(d.Slice) && visitor.Wants(d.Series)))
            {
                visitor.Visit(series, slice, cell);
            }

            foreach (var (series, slice, cell) in state.Counters.Where(c => range.Contains(c.Slice) && visitor.Wants(c.Series)))
            {
                visitor.Visit(series, slice, cell);
            }

            return ValueTask.CompletedTask;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
