using System.Globalization;

namespace Kpi.Collector.Grpc;

/// <summary>Until when the caller of a request waits, from <c>grpc-timeout</c>: at most 8 digits and one of H, M, S, m, u, n.</summary>
internal readonly struct GrpcDeadline
{
    private const int MostDigits = 8;

    // Nobody waits for a day; timers end at 49.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private readonly TimeProvider clock;
    private readonly long started;
    private readonly TimeSpan? timeout;

    private GrpcDeadline(TimeProvider clock, TimeSpan? timeout)
    {
        this.clock = clock;
        this.timeout = timeout;
        started = clock.GetTimestamp();
    }

    public bool IsOver => timeout is { } most && clock.GetElapsedTime(started) >= most;

    /// <summary>Begins to count; without a header, or with one that is none, there is no deadline.</summary>
    public static GrpcDeadline Of(string? header, TimeProvider clock) => new(clock, Parse(header));

    /// <summary>Null when the text is no timeout, or one longer than a day.</summary>
    public static TimeSpan? Parse(string? text)
    {
        if (text is not { Length: > 1 and <= MostDigits + 1 }
            || !uint.TryParse(text.AsSpan(..^1), NumberStyles.None, CultureInfo.InvariantCulture, out var value))
        {
            return null;
        }

        TimeSpan? timeout = text[^1] switch
        {
            'H' => TimeSpan.FromHours(value),
            'M' => TimeSpan.FromMinutes(value),
            'S' => TimeSpan.FromSeconds(value),
            'm' => TimeSpan.FromMilliseconds(value, 0),
            'u' => TimeSpan.FromMicroseconds(value),
            'n' => new TimeSpan(value / TimeSpan.NanosecondsPerTick),
            _ => null,
        };
        return timeout <= Longest ? timeout : null;
    }

    /// <summary>Waits for work; false when the deadline passed first and the work goes on.</summary>
    public async ValueTask<bool> IsMetByAsync(Task work)
    {
        if (timeout is null || work.IsCompleted)
        {
            await work.ConfigureAwait(false);
            return true;
        }

        using var done = new CancellationTokenSource();
        var left = timeout.Value - clock.GetElapsedTime(started);
        var over = Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, clock, done.Token);
        var met = await Task.WhenAny(work, over).ConfigureAwait(false) == work;
        await done.CancelAsync().ConfigureAwait(false);
        return met;
    }
}
