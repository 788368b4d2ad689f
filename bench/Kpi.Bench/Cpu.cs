using System.Diagnostics;

namespace Kpi.Bench;

/// <summary>CPU time of this process, which neighbours on the machine disturb less than they do the clock.</summary>
internal static class Cpu
{
    /// <summary>Milliseconds of CPU and of the clock that work takes.</summary>
    public static async Task<(double Cpu, double Wall)> OfAsync(Func<Task> work)
    {
        using var process = Process.GetCurrentProcess();
        process.Refresh();
        var (cpu, wall) = (process.TotalProcessorTime, Stopwatch.GetTimestamp());
        await work();
        process.Refresh();
        return ((process.TotalProcessorTime - cpu).TotalMilliseconds, Stopwatch.GetElapsedTime(wall).TotalMilliseconds);
    }

    /// <summary>Medians over rounds, after some to warm up. CPU time has steps of 10 ms on some systems: take work that is longer, or many rounds.</summary>
    public static async Task<(double Cpu, double Wall)> MedianAsync(int rounds, Func<Task> work)
    {
        var measured = new List<(double Cpu, double Wall)>();
        for (var round = -3; round < rounds; round++)
        {
            var one = await OfAsync(work);
            if (round >= 0)
            {
                measured.Add(one);
            }
        }

        return (Median(measured.Select(m => m.Cpu)), Median(measured.Select(m => m.Wall)));
    }

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }
}
