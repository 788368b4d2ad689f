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
