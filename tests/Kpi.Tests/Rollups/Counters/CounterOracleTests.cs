using FsCheck;
using FsCheck.Fluent;
using Kpi.Rollups.Cells;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Intake;
using Kpi.Rollups.Lanes;
using Kpi.Rollups.Time;
using Kpi.Tests.Rollups.Reading;

namespace Kpi.Tests.Rollups.Counters;

/// <summary>
/// A sender that counts real events, restarts, and whose points are lost, sent twice and come late; and beside it the plain list of
/// its events. Whatever came of each life up to its newest point that arrived must have been counted, each event once.
/// </summary>
public sealed class CounterOracleTests
{
    private const long Second = 1_000_000_000;
    private const long Begin = 1_790_000_000 * Second;

    private static readonly SliceRange All = new(new Slice(0), new Slice(int.MaxValue));

    /// <summary>What happens between two points: seconds, events, a restart, and how the point fares.</summary>
    private static readonly Gen<Happening[]> Lives = Gen.ArrayOf(
        from seconds in Gen.Frequency((6, Gen.Choose(1, 60)), (1, Gen.Choose(61, 119)), (1, Gen.Choose(121, 280)))
        from events in Gen.Frequency((1, Gen.Constant(0)), (4, Gen.Choose(1, 50)))
        from restart in Gen.Frequency((5, Gen.Constant(false)), (1, Gen.Constant(true)))
        from fate in Gen.Frequency((6, Gen.Constant(Fate.Arrives)), (1, Gen.Constant(Fate.Lost)), (1, Gen.Constant(Fate.Twice)), (2, Gen.Constant(Fate.Late)))
        select new Happening(seconds, events, restart, fate));

    private enum Fate
    {
        Arrives,
        Lost,
        Twice,
        Late,
    }

    [Fact]
    public void Every_event_that_a_point_told_of_is_counted_once() =>
        Prop.ForAll(Lives.ToArbitrary(), happenings => Check(happenings, integers: true)).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    [Fact]
    public void Doubles_add_up_to_their_last_total() =>
        Prop.ForAll(Lives.ToArbitrary(), happenings => Check(happenings, integers: false)).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

    private static void Check(Happening[] happenings, bool integers)
    {
        var catalog = new SeriesCatalog(new RollupLimits());
        var slot = catalog.GetOrAdd(SeriesKind.Counter, "1", Labels.Of(("__name__", "events")), out _).Slot;
        var intake = new IntakeTally();
        var cells = new LaneCells(catalog, 0, 1, intake);
        var (sent, expected) = Send(happenings, slot, integers);
        foreach (var sample in sent)
        {
            var batch = new SampleBatch();
            batch.Add(sample);
            cells.Apply(batch);
        }

        var totals = new CellTotals();
        cells.Visit(All, 0, totals);
        Assert.Equal(expected, totals.Counters.Values.Aggregate(FixedSum.Zero, (sum, c) => sum + c.Increase));
        Assert.All(totals.Counters.Values, c => Assert.True(c.Increase.Nanos >= 0 && (!integers || c.Increase.IsWhole)));
        Assert.Equal(
            sent.Count,
            totals.Counters.Values.Sum(c => c.Samples) + intake[RejectReason.DuplicatePoint] + intake[RejectReason.OutOfOrder]);
        Assert.Equal((0, 0), (intake[RejectReason.ResetWithoutStart], intake[RejectReason.OverlappingSenders]));
    }

    // Late points come one place later, behind the next that arrives. A life's events are those of its newest point that came.
    private static (List<CounterSample> Sent, FixedSum Expected) Send(Happening[] happenings, int slot, bool integers)
    {
        var sent = new List<CounterSample>();
        var late = new List<CounterSample>();
        var lives = new Dictionary<long, CounterSample>();
        var (now, start, total) = (Begin, Begin, 0L);
        foreach (var happening in happenings)
        {
            if (happening.Restart && sent.Count > 0)
            {
                (start, total) = (now + 1, 0);
            }

            now += happening.Seconds * Second;
            total += happening.Events;
            var sample = integers
                ? CounterSample.Total(slot, new UnixNanos(start), new UnixNanos(now), total)
                : CounterSample.Total(slot, new UnixNanos(start), new UnixNanos(now), total * 0.1);

            // The first that arrives must be young, or it is only a baseline.
            var fate = sent.Count == 0 ? now - start <= 300 * Second ? Fate.Arrives : Fate.Lost : happening.Fate;
            if (fate == Fate.Late)
            {
                late.Add(sample);
            }

            if (fate is Fate.Arrives or Fate.Twice)
            {
                sent.AddRange(fate == Fate.Twice ? [sample, sample] : [sample]);
                sent.AddRange(late);
                late.Clear();
            }
        }

        // A life of which nothing came before a later life's point is one that nobody knew of: its late points are dropped.
        var newest = long.MinValue;
        foreach (var sample in sent)
        {
            var known = lives.TryGetValue(sample.Start.Value, out var best);
            if (known ? sample.Time.Value > best.Time.Value : sample.Time.Value > newest)
            {
                lives[sample.Start.Value] = sample;
            }
            else if (!known)
            {
                return Send([.. happenings.Select(h => h with { Fate = h.Fate == Fate.Late ? Fate.Lost : h.Fate })], slot, integers);
            }

            newest = Math.Max(newest, sample.Time.Value);
        }

        return (sent, lives.Values.Aggregate(FixedSum.Zero, (sum, s) => sum + s.Value));
    }

    private sealed record Happening(int Seconds, int Events, bool Restart, Fate Fate);
}
