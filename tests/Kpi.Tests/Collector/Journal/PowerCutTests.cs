using Kpi.Collector.Journal;

namespace Kpi.Tests.Collector.Journal;

public sealed class PowerCutTests
{
    [Fact]
    public async Task Whatever_was_promised_survives_any_power_cut_once_and_in_order()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var chance = new Random(seed);
            var disk = new ForgetfulDisk();
            var promised = new List<string>();
            for (var life = 0; life < 4; life++)
            {
                disk.PowerOn();
                disk.SyncFails = false;
                using var run = new JournalRun(disk, new JournalOptions { SegmentBytes = 1 << 20 });
                Assert.Equal(run.Read.Distinct(), run.Read);
                Assert.Equal(promised, run.Read.Where(promised.Contains));
                promised = [.. run.Read];
                var started = new List<(string Body, Task<long?> Told)>();
                for (var i = 0; i < 30; i++)
                {
                    disk.SyncFails = chance.Next(10) == 0;
                    var body = $"{seed}.{life}.{i} " + new string('p', chance.Next(3) == 0 ? chance.Next(200_000) : chance.Next(100));
                    started.Add((body, run.Start(body).Task));
                    if (chance.Next(3) == 0)
                    {
                        await started[^1].Told.WaitAsync(TimeSpan.FromSeconds(20));
                    }
                }

                // The cut comes while records are under way; those told by then must be there.
                var told = started.Where(s => s.Told is { IsCompletedSuccessfully: true, Result: not null }).Select(s => s.Body).ToList();
                disk.LosePower(chance);
                promised.AddRange(told);
            }
        }
    }
}
