using System.Diagnostics;

namespace Kpi.EndToEnd;

/// <summary>Waits for a condition by asking again and again, until a deadline.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Asks until the answer is not null, and returns it.</summary>
    /// <exception cref="TimeoutException">The deadline passed; <paramref name="what"/> says what was waited for.</exception>
    public static async Task<T> GetAsync<T>(string what, TimeSpan within, Func<Task<T?>> ask)
        where T : class
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            if (await ask() is { } answer)
            {
                return answer;
            }

            if (waited.Elapsed > within)
            {
                throw new TimeoutException($"not within {within.TotalSeconds} s: {what}");
            }

            await Task.Delay(Pause);
        }
    }

    /// <summary>Asks until the condition holds.</summary>
    public static Task HoldsAsync(string what, TimeSpan within, Func<Task<bool>> holds) =>
        GetAsync(what, within, async () => await holds() ? "yes" : null);
}
