namespace Kpi.Tests.Collector.Otlp;

/// <summary>Does harm to bodies and shows each to a check, which says whether it was taken.</summary>
internal static class WireHarm
{
    public static void Truncate(byte[][] bodies, Func<byte[], bool> check)
    {
        foreach (var body in bodies)
        {
            for (var length = 0; length <= body.Length; length++)
            {
                check(body[..length]);
            }

            Assert.True(check(body));
        }
    }

    /// <summary>Flips bits, changes, adds and takes bytes. Both verdicts come often, or the test would show little.</summary>
    public static void Harm(byte[][] bodies, Func<byte[], bool> check, int rounds, int seed)
    {
        var random = new Random(seed);
        var refused = 0;
        for (var round = 0; round < rounds; round++)
        {
            var body = bodies[random.Next(bodies.Length)].ToList();
            for (var edits = random.Next(1, 4); edits > 0; edits--)
            {
                Harm(body, random);
            }

            refused += check([.. body]) ? 0 : 1;
        }

        Assert.InRange(refused, rounds / 5, rounds * 19 / 20);
    }

    /// <summary>Whether there may be a tag or length of more than 32 bits, which Google's C# decoder reads by its low 32 bits.</summary>
    public static bool HasLongVarint(byte[] body)
    {
        var run = 0;
        foreach (var one in body)
        {
            run = one >= 0x80 ? run + 1 : 0;
            if (run == 4)
            {
                return true;
            }
        }

        return false;
    }

    private static void Harm(List<byte> body, Random random)
    {
        var at = random.Next(body.Count);
        switch (random.Next(5))
        {
            case 0 or 1:
                body[at] ^= (byte)(1 << random.Next(8));
                break;
            case 2:
                body[at] = (byte)random.Next(256);
                break;
            case 3:
                body.Insert(at, (byte)random.Next(256));
                break;
            default:
                body.RemoveAt(at);
                break;
        }
    }
}
