using Kpi.Collector.Journal;

namespace Kpi.Tests.Collector.Journal;

public sealed class JournalReaderTests
{
    private static readonly string[] Bodies = [.. Enumerable.Range(0, 5).Select(i => new string((char)('a' + i), 90 + i))];

    [Fact]
    public async Task Any_rotten_byte_costs_one_record_at_most_and_is_located()
    {
        var (pristine, name) = await WrittenAsync();
        byte[] all = [];
        var length = pristine.Read(name, ref all);
        for (var at = JournalFormat.SegmentHeadBytes; at < length; at++)
        {
            var (disk, _) = await WrittenAsync();
            disk.Rot(name, at);
            using var run = new JournalRun(disk);
            Assert.True(run.Read.Count >= Bodies.Length - 1, $"byte {at} cost {Bodies.Length - run.Read.Count} records");
            Assert.Equal(Bodies.Where(run.Read.Contains), run.Read);
            if (run.Read.Count < Bodies.Length && run.Read[^1] == Bodies[^1])
            {
                var damage = Assert.Single(run.Found.Damages);
                Assert.InRange(at, damage.Offset, damage.Offset + damage.Bytes - 1);
            }
        }
    }

    [Fact]
    public async Task A_segment_cut_anywhere_gives_the_records_that_are_whole()
    {
        var (pristine, name) = await WrittenAsync();
        byte[] all = [];
        var length = pristine.Read(name, ref all);
        for (var cut = 0; cut < length; cut++)
        {
            var disk = new ForgetfulDisk();
            using (var file = disk.Open(name, 0))
            {
                file.Write([all.AsMemory(0, cut)], 0);
            }

            using var run = new JournalRun(disk);
            Assert.Equal(Bodies.Take(run.Read.Count), run.Read);
            Assert.Empty(run.Found.Damages);
            Assert.True(await run.AppendAsync("on"));
        }
    }

    [Fact]
    public async Task Damage_in_the_middle_of_several_segments_is_located_and_the_rest_read()
    {
        var disk = new ForgetfulDisk();
        var bodies = Enumerable.Range(0, 12).Select(i => new string((char)('a' + i), 300_000)).ToList();
        using (var run = new JournalRun(disk))
        {
            foreach (var body in bodies)
            {
                await run.AppendAsync(body);
            }
        }

        var second = disk.List().Order(StringComparer.Ordinal).ElementAt(1);
        disk.Rot(second, 5);
        using var next = new JournalRun(disk);
        Assert.Equal(bodies.Take(3).Concat(bodies.Skip(6)), next.Read);
        Assert.Equal(second, Assert.Single(next.Found.Damages).File);
    }

    [Fact]
    public void Noise_is_no_journal_and_stops_nothing()
    {
        var chance = new Random(7);
        for (var i = 0; i < 200; i++)
        {
            var disk = new ForgetfulDisk();
            var noise = new byte[chance.Next(5_000)];
            chance.NextBytes(noise);
            if (i % 2 == 0)
            {
                Segment.HeadOf(0).AsSpan(0, Math.Min(noise.Length, JournalFormat.SegmentHeadBytes)).CopyTo(noise);
            }

            using (var file = disk.Open(SegmentName.Of(0), 0))
            {
                file.Write([noise], 0);
            }

            Assert.Empty(Open(disk));
        }

        static List<string> Open(ForgetfulDisk disk)
        {
            using var run = new JournalRun(disk);
            return run.Read;
        }
    }

    [Fact]
    public async Task An_empty_journal_goes_on_where_the_store_is()
    {
        using var run = new JournalRun(new ForgetfulDisk(), from: 12_345);
        Assert.True(await run.PositionAsync("first") > 12_345);
    }

    [Fact]
    public void The_checksum_is_castagnolis()
    {
        // RFC 3720, B.4: 32 bytes of zeros, of ones, and ascending.
        Assert.Equal(0x8A9136AAu, JournalRecord.Checksum(new byte[32]));
        Assert.Equal(0x62A8AB43u, JournalRecord.Checksum(Enumerable.Repeat((byte)0xFF, 32).ToArray()));
        Assert.Equal(0x46DD794Eu, JournalRecord.Checksum(Enumerable.Range(0, 32).Select(i => (byte)i).ToArray()));
        Assert.Equal(0xE3069283u, JournalRecord.Checksum("123456789"u8));
    }

    private static async Task<(ForgetfulDisk Disk, string Name)> WrittenAsync()
    {
        var disk = new ForgetfulDisk();
        using (var run = new JournalRun(disk))
        {
            foreach (var body in Bodies)
            {
                await run.AppendAsync(body);
            }
        }

        return (disk, Assert.Single(disk.List()));
    }
}
