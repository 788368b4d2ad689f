using System.IO.Compression;
using Kpi.Rollups.Cells;
using Kpi.Rollups.Store.Blocks;
using Kpi.Tests.Rollups.Cells;

namespace Kpi.Tests.Rollups.Store.Blocks;

/// <summary>A damaged block is data or an <see cref="InvalidDataException"/>: no other exception, no hang, no memory without bound.</summary>
public sealed class BlockFuzzTests
{
    // What a block may inflate to, twice over while the room grows, and the buckets of all normal doubles.
    private const long MostBytes = 64 << 20;

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
        foreach (var block in (byte[][])[Distributions, Counters])
        {
            for (var bit = 0; bit < Math.Min(block.Length, 200) * 8; bit++)
            {
                var damaged = block.ToArray();
                damaged[bit / 8] ^= (byte)(1 << (bit % 8));
                Try(damaged);
            }
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
    public void Damage_beneath_the_compression_is_data_or_refused()
    {
        var random = new Random(20261122);
        var source = new ByteSource(Distributions);
        source.Byte();
        new CellPlaces().Read(ref source, seriesFirst: true);
        var head = Distributions.AsSpan(0, Distributions.Length - source.Left).ToArray();
        var plain = new byte[source.Bounded(1 << 20)];
        Assert.True(BrotliDecoder.TryDecompress(source.Bytes(source.Left), plain, out var length) && length == plain.Length);
        for (var round = 0; round < 3_000; round++)
        {
            var damaged = plain.ToArray();
            for (var hits = random.Next(1, 4); hits > 0; hits--)
            {
                damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            }

            var sink = new ByteSink();
            sink.Bytes(head);
            sink.Varint((ulong)damaged.Length);
            var packed = new byte[BrotliEncoder.GetMaxCompressedLength(damaged.Length)];
            Assert.True(BrotliEncoder.TryCompress(damaged, packed, out var bytes, 1, 18));
            sink.Bytes(packed.AsSpan(0, bytes));
            Try(sink.Written.ToArray());
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
            bytes.AsSpan(0, Math.Min(1, bytes.Length)).Fill(round % 2 == 0 ? BlockFormat.DistributionVersion : BlockFormat.Version);
            Try(bytes);
        }
    }

    private static void Try(byte[] block)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var read in (Action[])[() => BlockWalk.Distributions(block), () => BlockWalk.Counters(block)])
        {
            try
            {
                read();
            }
            catch (InvalidDataException)
            {
                // Refused, as it should be.
            }
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostBytes);
    }

    // The second and the third of three cells of a series lie on top of the one before.
    private static byte[] MakeDistributions()
    {
        var random = new Random(20261111);
        var cells = new List<PlacedDistribution>();
        for (var series = 0; series < 10; series++)
        {
            var set = series % BlockWalk.EdgeSets.Length;
            var seen = Enumerable.Range(0, 12).Select(_ => new Observation(random.NextInt64(-1, 1L << random.Next(1, 40)), (uint)random.Next(1, 300))).ToList();
            for (var time = 0; time < 3; time++)
            {
                cells.Add(new PlacedDistribution(new CellPlace(series * 3, time), set, Observation.Cell(BlockWalk.EdgeSets[set], [.. seen])));
                seen.Add(new Observation(random.NextInt64(1L << 20)));
            }
        }

        return BlockWalk.Write([.. cells], span: 4);
    }

    private static byte[] MakeCounters() => BlockWalk.Write(
        [.. Enumerable.Range(0, 40).Select(i => new PlacedCounter(
            new CellPlace(i % 20 * 2, i / 20), new CounterCell(FixedSum.From(i * 1.5), i, i, i * 400_000_000L, i, i % 2 == 0)))],
        span: 2);
}
