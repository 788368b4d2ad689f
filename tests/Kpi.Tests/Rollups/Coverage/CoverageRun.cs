using Kpi.Rollups.Coverage;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Time;
using Kpi.Testing;

namespace Kpi.Tests.Rollups.Coverage;

/// <summary>A book over several lives of a process; what flushes took is what a next life begins with. Starts in the middle of a slice.</summary>
internal sealed class CoverageRun
{
    private readonly List<CoverageIncrement> taken = [];

    public CoverageRun(RollupLimits? limits = null)
    {
        Limits = limits ?? new RollupLimits();
        Clock.Advance(TimeSpan.FromSeconds(5));
        Book = Restored();
    }

    public static SourceIdentity Shop { get; } = new("shop", "", "", "a1");

    public RollupLimits Limits { get; }

    public FakeClock Clock { get; } = new();

    public CoverageBook Book { get; private set; }

    public Slice Now => Slice.Of(UnixNanos.Now(Clock));

    public void Pass(int slices) => Clock.Advance(slices * Slice.Length);

    /// <summary>Time passes with a flush at every edge, and a source heard in every so many slices.</summary>
    public void Live(int slices, SourceIdentity? source = null, int every = 1)
    {
        for (var i = 1; i <= slices; i++)
        {
            Pass(1);
            if (source is not null && i % every == 0)
            {
                Hear(source);
            }

            Flush();
        }
    }

    public void Hear(SourceIdentity source, int ago = 0) => Book.Hear([new HeardSlice(source, Now.Number - ago)]);

    public void Flush() => taken.Add(Book.Take());

    public void Stop()
    {
        Book.End();
        Flush();
    }

    /// <summary>The next life, after a stop or a crash: what no flush took is lost.</summary>
    public void Restart(int downSlices)
    {
        Pass(downSlices);
        Book = Restored();
        Book.Begin();
    }

    /// <summary>The trailing window of so many slices.</summary>
    public WindowCoverage Window(int slices) => Book.Over(new SliceRange(Now.Plus(1 - slices), Now));

    private CoverageBook Restored() => new(
        Limits,
        new CoverageIncrement(
            [.. taken.SelectMany(t => t.Up)], [.. taken.SelectMany(t => t.Missed)], [.. taken.SelectMany(t => t.Heard)], 1),
        Clock);
}
