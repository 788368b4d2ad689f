using System.IO.Compression;
using Kpi.Collector.Admission;
using Kpi.Rollups.Intake;

namespace Kpi.Tests.Collector.Admission;

public sealed class DeflateBodyTests
{
    private static readonly byte[] Content = [.. Enumerable.Range(0, 20_000).Select(i => (byte)(i * i / 7))];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5_552)]
    [InlineData(5_553)]
    [InlineData(20_000)]
    public void What_was_deflated_comes_back(int length) => Assert.Equal(Content[..length], Inflate(Deflate(Content[..length]), out _));

    // The largest sums that the checksum meets before it is reduced.
    [Fact]
    public void Bytes_of_ones_come_back()
    {
        var ones = new byte[100_000];
        Array.Fill(ones, byte.MaxValue);
        Assert.Equal(ones, Inflate(Deflate(ones), out _));
    }

    // Bits that pad the last byte of the stream mean nothing, so a change of these changes nothing.
    [Fact]
    public void A_changed_bit_is_found_or_changes_nothing()
    {
        var whole = Deflate(Content[..500]);
        var unnoticed = 0;
        for (var bit = 0; bit < whole.Length * 8; bit++)
        {
            var changed = whole.ToArray();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            if (Inflate(changed, out var refused) is { } inflated && refused is null)
            {
                unnoticed++;
                Assert.Equal(Content[..500], inflated);
            }
        }

        Assert.InRange(unnoticed, 0, 7);
    }

    [Fact]
    public void Random_bytes_are_refused_and_deflate_without_its_head_too()
    {
        var random = new Random(3);
        for (var i = 1; i < 2_000; i++)
        {
            var bytes = new byte[random.Next(1, 100)];
            random.NextBytes(bytes);
            Inflate(bytes, out var refused);
            Assert.Equal(RejectReason.BadCompression, refused);
        }

        Inflate(Deflate(Content)[2..], out var headless);
        Assert.Equal(RejectReason.BadCompression, headless);
    }

    private static byte[] Deflate(byte[] content)
    {
        var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest))
        {
            zlib.Write(content);
        }

        return packed.ToArray();
    }

    private static byte[]? Inflate(byte[] packed, out RejectReason? refused)
    {
        using var into = new BodyBuffer(new BytesInFlight(16 << 20), 1 << 20);
        refused = DeflateBody.Inflate(packed, into);
        return refused is null ? into.Written.ToArray() : null;
    }
}
