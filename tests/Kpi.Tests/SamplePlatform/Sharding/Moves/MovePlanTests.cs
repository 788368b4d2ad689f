using FsCheck;
using FsCheck.Fluent;
using Kpi.SamplePlatform.Sharding;
using Kpi.SamplePlatform.Sharding.Moves;

namespace Kpi.Tests.SamplePlatform.Sharding.Moves;

public sealed class MovePlanTests
{
    [Fact]
    public void The_fifth_shard_gets_24_of_120_buckets_six_of_each_old_one()
    {
        var plan = MovePlan.Fill(Directory(Enumerable.Range(0, Buckets.Count).Select(b => (b % 4) + 1)), 5);

        Assert.Equal(24, plan.Select(r => r.Bucket).Distinct().Count());
        Assert.Equal([6, 6, 6, 6], plan.CountBy(r => r.Shard.Id).OrderBy(c => c.Key).Select(c => c.Value));
    }

    [Fact]
    public void Planned_again_half_way_it_gives_the_rest()
    {
        var shards = Enumerable.Range(0, Buckets.Count).Select(b => (b % 4) + 1).ToArray();
        var whole = MovePlan.Fill(Directory(shards), 5);
        foreach (var route in whole.Take(10))
        {
            shards[route.Bucket] = 5;
        }

        Assert.Equal(whole.Skip(10).Select(r => r.Bucket), MovePlan.Fill(Directory(shards), 5).Select(r => r.Bucket));
    }

    [Fact]
    public void From_any_directory_the_new_shard_gets_its_share_and_nobody_falls_below_it()
    {
        var directories = Gen.Choose(1, 12).SelectMany(most => Gen.Choose(1, most).ArrayOf(Buckets.Count)).ToArbitrary();
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(200), Prop.ForAll(directories, shards =>
        {
            var old = shards.Distinct().Count();
            var share = Buckets.Count / (old + 1);
            var plan = MovePlan.Fill(Directory(shards), 99);
            var left = shards.CountBy(s => s).ToDictionary();
            foreach (var route in plan)
            {
                left[route.Shard.Id]--;
            }

            return plan.Count == share
                && plan.All(r => shards[r.Bucket] == r.Shard.Id && left[r.Shard.Id] >= share);
        }));
    }

    private static DirectorySnapshot Directory(IEnumerable<int> shards)
    {
        var made = Enumerable.Range(0, 100).Select(id => new Shard(id, $"shard-{id}", null!, null!)).ToArray();
        return new DirectorySnapshot(1, [.. shards.Select((id, bucket) => new Route(bucket, made[id], 1))]);
    }
}
