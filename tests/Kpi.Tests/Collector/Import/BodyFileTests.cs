using System.Text;
using Google.Protobuf;
using Kpi.Collector.Import;

namespace Kpi.Tests.Collector.Import;

public sealed class BodyFileTests : IDisposable
{
    private const int Most = 100_000;

    private static readonly byte[][] Bodies = [.. Enumerable.Range(1, 5).Select(i => Body(i))];

    private readonly ImportFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_body_alone_is_one_body() => Assert.Equal([Bodies[2]], Read(Bodies[2]));

    [Fact]
    public void Bodies_behind_their_lengths_are_told_apart() => Assert.Equal(Bodies, Read(ImportFolder.Delimited(Bodies)));

    [Fact]
    public void Gzip_is_known_by_its_first_bytes()
    {
        Assert.Equal(Bodies, Read(ImportFolder.Gzip(ImportFolder.Delimited(Bodies))));
        Assert.Equal([Bodies[0]], Read(ImportFolder.Gzip(Bodies[0])));
    }

    [Fact]
    public void Gzip_members_one_after_the_other_are_one_file() =>
        Assert.Equal(Bodies, Read([.. Bodies.SelectMany(b => ImportFolder.Gzip(ImportFolder.Delimited([b])))]));

    [Fact]
    public void An_empty_file_has_no_bodies()
    {
        Assert.Empty(Read([]));
        Assert.Empty(Read(ImportFolder.Gzip([])));
    }

    [Fact]
    public void A_stream_cut_anywhere_but_between_two_bodies_is_damaged_and_says_where()
    {
        var whole = ImportFolder.Delimited(Bodies);
        var ends = Bodies.Select((_, i) => ImportFolder.Delimited(Bodies.Take(i + 1)).Length).Prepend(0).ToList();
        for (var cut = 0; cut < whole.Length; cut++)
        {
            if (ends.Contains(cut))
            {
                Assert.Equal(Bodies.Take(ends.IndexOf(cut)), Read(whole[..cut]));
            }
            else
            {
                var damage = Assert.Throws<InvalidDataException>(() => Read(whole[..cut]));
                Assert.Contains($"at byte {ends.Last(e => e < cut)}: cut short", damage.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void A_compressed_file_cut_anywhere_is_damaged()
    {
        var whole = ImportFolder.Gzip(ImportFolder.Delimited(Bodies));
        for (var cut = 3; cut < whole.Length; cut++)
        {
            Assert.ThrowsAny<InvalidDataException>(() => Read(whole[..cut]));
        }
    }

    [Theory]
    [InlineData("garbage behind")]
    [InlineData("\0")]
    [InlineData("\u001f")]
    public void What_is_no_gzip_behind_gzip_is_not_passed_over(string behind) => Assert.Throws<InvalidDataException>(
        () => Read([.. ImportFolder.Gzip(ImportFolder.Delimited(Bodies)), .. Encoding.Latin1.GetBytes(behind)]));

    [Fact]
    public void A_changed_byte_in_a_compressed_file_is_found()
    {
        var whole = ImportFolder.Gzip(ImportFolder.Delimited(Bodies));
        for (var at = 10; at < whole.Length; at++)
        {
            var changed = whole.ToArray();
            changed[at] ^= 0x10;
            Assert.Throws<InvalidDataException>(() => Read(changed));
        }
    }

    [Theory]
    [InlineData("[{\"resourceSpans\":[]}]", "a JSON array")]
    [InlineData("\0\0\0\u0002{}", "JSON behind a length")]
    [InlineData("hello, world", "neither")]
    [InlineData("\u0028\u00b5\u002f\u00fd", "zstd")]
    [InlineData("\0\0\0\u0005hello", "neither")]
    [InlineData("\0\0\0\u0004\u0028\u00b5\u002f\u00fd", "zstd")]
    [InlineData("\0\0\0\0\0\0\0\0", "a length of 0 bytes")]
    [InlineData("\u0007\u00ff\u00ff\u00ff\u000a", "a length of 134217727 bytes")]
    [InlineData("\0\u0001\u0086\u00a1\u000a", "a length of 100001 bytes")]
    [InlineData("\0\u0001\u0086\u00a0\u000a", "cut short: 1 of a body's 100000 bytes")]
    public void What_is_no_body_is_refused_with_a_reason(string content, string reason)
    {
        var damage = Assert.Throws<InvalidDataException>(() => Read(Encoding.Latin1.GetBytes(content)));
        Assert.Contains(": at byte 0: ", damage.Message, StringComparison.Ordinal);
        Assert.Contains(reason, damage.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_body_may_be_as_large_as_the_limit_and_no_larger()
    {
        var body = new byte[Most];
        body[0] = 0x0A;
        Assert.Equal([body], Read(body));
        Assert.Equal([body, body], Read(ImportFolder.Delimited(body, body)));
        Assert.Throws<InvalidDataException>(() => Read([.. body, 0]));
    }

    [Fact]
    public void Random_bytes_are_read_or_refused_and_nothing_else()
    {
        var random = new Random(5);
        for (var i = 0; i < 5_000; i++)
        {
            var content = ImportFolder.Delimited(Bodies);
            for (var change = random.Next(1, 4); change > 0; change--)
            {
                content[random.Next(content.Length)] = (byte)random.Next(256);
            }

            try
            {
                Assert.True(Read(content).Sum(b => (long)b.Length) <= content.Length);
            }
            catch (InvalidDataException)
            {
                // Refused.
            }
        }
    }

    [Theory]
    [InlineData("shop.traces.pb", "Traces")]
    [InlineData("a/b/traces.pb.gz", "Traces")]
    [InlineData("logs/metrics-2026-11-01T00-00-00.000.proto", "Metrics")]
    [InlineData("LOGS_1", "Logs")]
    [InlineData("shop.pb", null)]
    [InlineData("tracesetc.pb", null)]
    [InlineData("traces-and-metrics.pb", null)]
    [InlineData("traces/shop.pb", null)]
    public void A_name_tells_the_signal_by_one_word(string path, string? signal) => Assert.Equal(signal, ImportFile.SignalOf(path)?.ToString());

    private static byte[] Body(int i) => TestSpans.Request([.. Enumerable.Range(0, i).Select(n => TestSpans.Get("/" + n))]).ToByteArray();

    private List<byte[]> Read(params byte[] content)
    {
        using var file = BodyFile.Open(folder.Write("f", content), Most);
        var read = new List<byte[]>();
        while (file.TryRead(out var body))
        {
            read.Add(body.ToArray());
        }

        return read;
    }
}
