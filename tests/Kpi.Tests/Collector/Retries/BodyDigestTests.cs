using System.Buffers.Binary;
using System.Security.Cryptography;
using Kpi.Collector.Retries;

namespace Kpi.Tests.Collector.Retries;

public sealed class BodyDigestTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, BodyDigest.KeyBytes).Select(i => (byte)i)];

    [Fact]
    public void It_depends_on_every_byte_on_the_length_and_on_the_signal()
    {
        using var digest = new BodyDigest(Key);
        var body = new byte[300];
        var seen = new HashSet<UInt128> { digest.Of(1, body), digest.Of(2, body), digest.Of(1, []), digest.Of(1, body.AsSpan(1)) };
        for (var i = 0; i < body.Length; i++)
        {
            body[i]++;
            seen.Add(digest.Of(1, body));
            body[i]--;
        }

        Assert.Equal(4 + body.Length, seen.Count);
    }

    [Fact]
    public void It_depends_on_the_token_and_without_one_is_what_older_journals_hold()
    {
        using var digest = new BodyDigest(Key);
        var body = new byte[300];
        Assert.Equal(4, new HashSet<UInt128> { digest.Of(1, body), digest.Of(1, body, 1), digest.Of(1, body, UInt128.One << 80), digest.Of(2, body, 1) }.Count);

        var old = new byte[16];
        using var cipher = new AesGcm(Key, old.Length);
        byte[] nonce = [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        byte[] nothing = [];
        cipher.Encrypt(nonce, nothing, nothing, old, body);
        Assert.Equal(BinaryPrimitives.ReadUInt128LittleEndian(old), digest.Of(1, body));
    }

    [Fact]
    public void It_is_the_same_on_any_thread_and_in_the_next_life()
    {
        var body = new byte[100_000];
        Random.Shared.NextBytes(body);
        using var one = new BodyDigest(Key);
        using var other = new BodyDigest([.. Key]);
        var expected = one.Of(1, body);
        Parallel.For(0, 64, _ => Assert.Equal(expected, other.Of(1, body)));
    }
}
