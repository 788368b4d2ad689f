using System.Text;
using Kpi.Collector.Lookup;

namespace Kpi.Tests.Collector.Lookup;

public sealed class ResourceTableTests
{
    private const long Minute = 60_000_000_000;

    private readonly ResourceTable table = new(tellsInstances: false);

    [Fact]
    public void A_resource_keeps_its_number_and_its_labels()
    {
        Assert.Equal(ResourceTable.Unknown, Find("shop", at: 0, create: false));
        var number = Find("shop", at: 0);
        Assert.Equal(number, Find("shop", at: 1, create: false));
        Assert.Contains(KeyValuePair.Create("service.name", "shop"), table[number]!);
    }

    [Fact]
    public void When_the_table_is_full_what_was_idle_makes_room_and_what_was_not_stays()
    {
        var kept = Find("kept", at: 0);
        var idle = Find("idle", at: 0);
        for (var i = 2; i < IntakeLimits.MostResources; i++)
        {
            Find($"noise {i}", at: 5 * Minute);
        }

        Assert.Equal(ResourceTable.Overflow, Find("new", at: 6 * Minute));
        Assert.Equal(kept, Find("kept", at: 9 * Minute, create: false));

        var added = Find("new", at: 11 * Minute);

        Assert.True(added >= 0);
        Assert.Equal(kept, Find("kept", at: 11 * Minute, create: false));
        Assert.Equal(ResourceTable.Unknown, Find("idle", at: 11 * Minute, create: false));
        Assert.NotEqual(idle, added);
        Assert.Null(table[idle]);
        Assert.Contains(KeyValuePair.Create("service.name", "new"), table[added]!);
    }

    [Fact]
    public void A_number_never_means_two_resources()
    {
        var seen = new HashSet<int>();
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < IntakeLimits.MostResources; i++)
            {
                Assert.True(seen.Add(Find($"{round}/{i}", at: round * 20 * Minute)));
            }
        }
    }

    private int Find(string service, long at, bool create = true)
    {
        var name = Encoding.UTF8.GetBytes(service);
        var facts = new ResourceFacts { ServiceName = name, IsUtf8 = true };
        return table.Find(in facts, new IntakeLimits(at, 0, long.MaxValue, at - (10 * Minute)), create);
    }
}
