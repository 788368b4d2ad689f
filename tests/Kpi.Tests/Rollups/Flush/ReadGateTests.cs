using Kpi.Rollups.Flush;

namespace Kpi.Tests.Rollups.Flush;

public sealed class ReadGateTests
{
    private readonly ReadGate gate = new();
    private readonly List<string> ran = [];

    [Fact]
    public void Without_reads_an_action_runs_at_once()
    {
        After("a");
        After("b");
        Assert.Equal(["a", "b"], ran);
    }

    [Fact]
    public void An_action_waits_for_every_read_begun_before_it_and_for_none_begun_after()
    {
        var first = gate.Enter();
        var second = gate.Enter();
        After("a");
        var later = gate.Enter();
        first.Dispose();
        Assert.Empty(ran);
        second.Dispose();
        Assert.Equal(["a"], ran);
        later.Dispose();
        Assert.Equal(["a"], ran);
    }

    [Fact]
    public void Actions_run_in_the_order_given_even_when_the_reads_end_in_another()
    {
        var first = gate.Enter();
        After("a");
        var second = gate.Enter();
        After("b");
        After("c");
        second.Dispose();
        Assert.Empty(ran); // b must not pass a
        first.Dispose();
        Assert.Equal(["a", "b", "c"], ran);
    }

    [Fact]
    public void Random_reads_and_actions_keep_to_the_rule()
    {
        var random = new Random(20261105);
        var reads = new List<(int Number, ReadGate.Read Read)>();
        var asked = new List<(string Name, HashSet<int> Before)>();
        for (var step = 0; step < 5_000; step++)
        {
            switch (random.Next(3))
            {
                case 0:
                    reads.Add((step, gate.Enter()));
                    break;
                case 1 when reads.Count > 0:
                    var at = random.Next(reads.Count);
                    var read = reads[at].Read;
                    reads.RemoveAt(at);
                    read.Dispose();
                    break;
                default:
                    asked.Add(($"{step}", [.. reads.Select(r => r.Number)]));
                    After($"{step}");
                    break;
            }

            // Every action is free once its reads and those of all before it are over.
            var under = reads.Select(r => r.Number).ToHashSet();
            Assert.Equal(asked.TakeWhile(a => !a.Before.Overlaps(under)).Select(a => a.Name), ran);
            if (ran.Count > 50)
            {
                asked.RemoveRange(0, ran.Count);
                ran.Clear();
            }
        }
    }

    private void After(string name) => gate.AfterCurrentReads(() => ran.Add(name));
}
