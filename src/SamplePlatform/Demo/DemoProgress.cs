using System.Globalization;

namespace Kpi.SamplePlatform.Demo;

/// <summary>One line for each step of the start, with how long it took.</summary>
internal sealed class DemoProgress(TextWriter console, TimeProvider clock)
{
    private readonly long begin = clock.GetTimestamp();

    /// <summary>Since the launcher began.</summary>
    public TimeSpan Elapsed => clock.GetElapsedTime(begin);

    public void Say(string line)
    {
        lock (console)
        {
            console.WriteLine(line);
        }
    }

    public async Task<T> StepAsync<T>(string name, Task<T> step)
    {
        var started = clock.GetTimestamp();
        var result = await step.ConfigureAwait(false);
        Say(string.Create(CultureInfo.InvariantCulture, $"  {name,-44}{clock.GetElapsedTime(started).TotalSeconds,6:0.0} s"));
        return result;
    }

    public Task StepAsync(string name, Task step) => StepAsync(name, DoneAsync(step));

    private static async Task<bool> DoneAsync(Task step)
    {
        await step.ConfigureAwait(false);
        return true;
    }
}
