using System.Collections.Concurrent;
using Kpi.SamplePlatform.Sharding;

namespace Kpi.Tests.SamplePlatform.Sharding.Moves;

[Collection(UsesPostgres.Name)]
public sealed class ShardAdditionTests(PostgresClusters clusters)
{
    private static readonly string[] Five = ["shard-1", "shard-2", "shard-3", "shard-4", "shard-5"];

    [Fact]
    public async Task Under_continuous_writers_nothing_is_lost_or_doubled_and_what_was_acknowledged_is_always_read()
    {
        await using var bed = await PlatformBed.CreateAsync(clusters);
        var router = await bed.RouterAsync();
        var tenants = await bed.TenantsAsync(router, 150);
        using var stop = new CancellationTokenSource();
        var acknowledged = new ConcurrentBag<(long, long)>();
        var refused = 0;
        const int Writers = 6;
        var writing = Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            var own = tenants.Where(t => t % Writers == writer).ToArray();
            for (var number = 1L; !stop.IsCancellationRequested; number++)
            {
                foreach (var tenant in own)
                {
                    refused += await Orders.PlaceAsync(router, tenant, number) - 1;
                    acknowledged.Add((tenant, number));
                    Assert.Equal(number, (await Orders.NumbersAsync(router, tenant)).Count);
                }
            }
        })).ToArray();

        await Eventually.TrueAsync(() => Task.FromResult(acknowledged.Count > tenants.Length));
        var report = await bed.Addition.RunAsync("shard-5", CancellationToken.None);
        await stop.CancelAsync();
        await Task.WhenAll(writing);

        Assert.Equal(24, report.Moved.Select(m => m.Bucket).Distinct().Count());
        Assert.True(refused > 0, "no writer met a move");
        Assert.Equal(acknowledged.Order(), await Orders.EverywhereAsync(bed, Five));
        Assert.InRange(report.ShortestFence, TimeSpan.FromTicks(1), report.P99Fence);
        Assert.InRange(report.LongestFence, report.P99Fence, router.Deadline);
    }

    [Fact]
    public async Task Exactly_the_share_of_the_fifth_shard_moves_and_all_of_it_there()
    {
        await using var bed = await PlatformBed.CreateAsync(clusters);
        var before = await bed.Catalogue.ReadRoutesAsync(CancellationToken.None);
        await bed.Addition.RunAsync("shard-5", CancellationToken.None);
        var after = await bed.Catalogue.ReadRoutesAsync(CancellationToken.None);

        var moved = before.Zip(after).Where(p => p.First.Shard.Id != p.Second.Shard.Id).ToArray();
        Assert.Equal(24, moved.Length);
        Assert.All(moved, p => Assert.Equal((5, 2), (p.Second.Shard.Id, p.Second.Epoch)));
        Assert.Equal([24, 24, 24, 24, 24], after.CountBy(r => r.Shard.Id).Select(c => c.Value));
        Assert.Empty((await bed.Addition.RunAsync("shard-5", CancellationToken.None)).Moved);
    }

    [Fact]
    public async Task An_addition_that_was_cut_short_is_run_again_and_moves_the_rest()
    {
        await using var bed = await PlatformBed.CreateAsync(clusters);
        var router = await bed.RouterAsync();
        await bed.TenantsAsync(router, 30);
        using var early = new CancellationTokenSource();
        var first = Task.Run(() => bed.Addition.RunAsync("shard-5", early.Token));
        await Eventually.TrueAsync(async () => await HeldAsync(bed) >= 3);
        await early.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        var held = await HeldAsync(bed);
        Assert.InRange(held, 3, 23);

        var second = await bed.Addition.RunAsync("shard-5", CancellationToken.None);

        Assert.Equal(24 - held, second.Moved.Count);
        Assert.Equal(24, await HeldAsync(bed));
        foreach (var tenant in Enumerable.Range(1, 30))
        {
            await Orders.PlaceAsync(router, tenant, 1);
            Assert.Equal([1], await Orders.NumbersAsync(router, tenant));
        }
    }

    [Fact]
    public async Task Only_one_process_moves_at_a_time()
    {
        await using var bed = await PlatformBed.CreateAsync(clusters);
        var results = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
            await Record.ExceptionAsync(() => bed.Addition.RunAsync("shard-5", CancellationToken.None)))));

        Assert.IsType<InvalidOperationException>(Assert.Single(results, r => r is not null));
        Assert.Equal(24, await HeldAsync(bed));
    }

    [Fact]
    public async Task Many_stale_requests_read_the_directory_once()
    {
        await using var bed = await PlatformBed.CreateAsync(clusters);
        var directory = await ShardDirectory.LoadAsync(bed.Catalogue, CancellationToken.None);
        var router = new ShardRouter(directory, null, TimeProvider.System);
        var tenants = await bed.TenantsAsync(router, 100);
        var report = await bed.Addition.RunAsync("shard-5", CancellationToken.None);
        var moved = tenants.Where(t => report.Moved.Any(m => m.Bucket == Buckets.Of(t))).ToArray();
        Assert.NotEmpty(moved);

        await Task.WhenAll(moved.SelectMany(t => Enumerable.Range(1, 5).Select(number => Orders.PlaceAsync(router, t, number))));

        Assert.Equal(2, directory.Current.Version);
        foreach (var tenant in moved)
        {
            Assert.Equal([1, 2, 3, 4, 5], await Orders.NumbersAsync(router, tenant));
        }
    }

    private static async Task<int> HeldAsync(PlatformBed bed) =>
        (await bed.Catalogue.ReadRoutesAsync(CancellationToken.None)).Count(r => r.Shard.Id == 5);
}
