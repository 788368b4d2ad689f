using Kpi.Rollups.Cells;
using Kpi.Rollups.Store.Blocks;
using Kpi.Tests.Rollups.Cells;

namespace Kpi.Tests.Rollups.Store.Blocks;

/// <summary>A damaged block is data or an <see cref="InvalidDataException"/>: no other exception, no hang, no memory without bound.</summary>
public sealed class BlockFuzzTests
{
    // The buckets of all normal doubles, 512 KiB, and what grows on the way there.
    private const long MostBytes = 4 << 20;

    private static readonly byte[] Distributions = MakeDistributions();
    private static readonly byte[] Counters = MakeCounters();

    [Fact]
    public void Every_block_cut_short_is_refused()
    {
        for (var length = 0; length < Distributions.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => BlockWalk.Distributions(Distributions.AsSpan(0, length)));
        }

        for (var length = 0; length < Counters.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => BlockWalk.Counters(Counters.AsSpan(0, length)));
        }
    }

    [Fact]
    public void A_block_with_something_behind_it_is_refused()
    {
        Assert.Throws<InvalidDataException>(() => BlockWalk.Distributions([.. Distributions, 0]));
        Assert.Throws<InvalidDataException>(() => BlockWalk.Counters([.. Counters, 0]));
    }

    [Fact]
    public void Every_flipped_bit_is_data_or_refused()
    {
        for (var bit = 0; bit < Math.Min(Distributions.Length, 150) * 8; bit++)
        {
            var damaged = Distributions.ToArray();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            Try(damaged);
        }
    }

    [Fact]
    public void Random_damage_is_data_or_refused()
    {
        var random = new Random(20261109);
        for (var round = 0; round < 1_500; round++)
        {
            var damaged = (round % 2 == 0 ? Distributions : Counters).ToArray();
            for (var hits = random.Next(1, 6); hits > 0; hits--)
            {
                // Bytes of 0xFF make the largest numbers.
                damaged[random.Next(damaged.Length)] = random.Next(3) == 0 ? (byte)0xFF : (byte)random.Next(256);
            }

            Try(damaged);
        }
    }

    [Fact]
    public void Random_bytes_are_data_or_refused()
    {
        var random = new Random(20261110);
        for (var round = 0; round < 5_000; round++)
        {
            var bytes = new byte[random.Next(200)];
            random.NextBytes(bytes);
            bytes.AsSpan(0, Math.Min(1, bytes.Length)).Fill(BlockFormat.Version);
            Try(bytes);
        }
    }

    [Theory]
    [InlineData("01 41", "more cells than a block has")]
    [InlineData("02 01", "another version")]
    [InlineData("01 FF FF FF FF FF FF FF FF FF 7F", "a number of more than 64 bits")]
    [InlineData("01 01 0A 63", "an edge set that is not there")]
    [InlineData("01 01 0A 00 FF FF FF FF FF FF FF FF FF 01 00 00 00", "a count below zero")]
    [InlineData(One + "01 FF FF FF FF FF FF FF FF FF 01 01", "a bucket at −2⁶³")]
    [InlineData(One + "01 FE FF FF FF FF FF FF FF FF 01 01", "a bucket at 2⁶³ − 1")]
    [InlineData(One + "01 80 80 08 01", "the bucket above the largest double")]
    [InlineData(One + "01 83 FE 07 01", "the bucket below the smallest double")]
    [InlineData(One + "01 01 80 80 80 80 10", "a bucket of 2³²")]
    [InlineData(One + "01 01 02", "buckets that hold more than the count")]
    [InlineData(One + "00", "buckets that hold less than the count")]
    [InlineData(One + "02 01 01 00 00", "a bucket given twice")]
    [InlineData(One + "01 03 01", "no bucket for the largest value")]
    [InlineData(One + "01 00 01", "a bucket above the largest value")]
    public void A_block_that_makes_no_sense_is_refused(string block, string why)
    {
        var refusal = Record.Exception(() => BlockWalk.Distributions(Hex.Bytes(block)));
        Assert.True(refusal is InvalidDataException, $"{why}: {refusal?.GetType().Name ?? "taken"}");
    }

    [Fact]
    public void The_smallest_and_the_largest_bucket_are_taken()
    {
        Assert.Single(BlockWalk.Distributions(Hex.Bytes(One + "01 01 01")));

        // −65,409 holds the smallest normal double, 65,535 the largest.
        const string Extremes = "00 00 00 00 00 00 10 00 FF FF FF FF FF FF EF 7F 02 81 FE 07 01 80 FE 0F 01";
        Assert.Single(BlockWalk.Distributions(Hex.Bytes("01 01 0A 00 02 02 00 00" + new string('0', 32) + Extremes)));
    }

    // A block of one cell of series 5 that counts one event of 1 s, up to its buckets.
    private const string One =
        "01 01 0A 00 01 01 00 00 00 CA 9A 3B 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 F0 3F 00 00 00 00 00 00 F0 3F ";

    private static void Try(byte[] block)
    {
        var scratch = new DistributionCell(new CellMemory());
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            var source = new ByteSource(block);
            long series = 0;
            for (var left = DistributionBlock.ReadHead(ref source); left > 0; left--)
            {
                series = DistributionBlock.ReadNext(
                    ref source, series, n => n < BlockWalk.EdgeSets.Length ? BlockWalk.EdgeSets[n] : throw new InvalidDataException("none"), scratch);
            }
        }
        catch (InvalidDataException)
        {
            // Refused, as it should be.
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostBytes);
        try
        {
            BlockWalk.Distributions(block);
        }
        catch (InvalidDataException)
        {
        }

        try
        {
            BlockWalk.Counters(block);
        }
        catch (InvalidDataException)
        {
        }
    }

    private static byte[] MakeDistributions()
    {
        var random = new Random(20261111);
        var sink = new ByteSink();
        DistributionBlock.Write(sink, [.. Enumerable.Range(0, 20).Select(i => new NumberedDistribution(
            i * 3,
            i % BlockWalk.EdgeSets.Length,
            Observation.Cell(
                BlockWalk.EdgeSets[i % BlockWalk.EdgeSets.Length],
                [.. Enumerable.Range(0, 12).Select(_ => new Observation(random.NextInt64(-1, 1L << random.Next(1, 40)), (uint)random.Next(1, 300)))])))]);
        return sink.Written.ToArray();
    }

    private static byte[] MakeCounters()
    {
        var sink = new ByteSink();
        CounterBlock.Write(sink, [.. Enumerable.Range(0, 20).Select(i => new NumberedCounter(i * 2, new CounterCell(FixedSum.From(i * 1.5), i, i, i * 400_000_000L, i, i % 2 == 0)))]);
        return sink.Written.ToArray();
    }
}
