using System.Text.Json;

namespace Kpi.SamplePlatform.Load;

/// <summary>One run of the load: plan, users, generator, and the report at the end.</summary>
/// <param name="token">The token of an account of a tenant.</param>
internal sealed class LoadRun(LoadSettings settings, Func<long, long, string> token, TimeProvider clock)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly LoadTally tally = new();

    /// <summary>Runs until <paramref name="stop"/> or the end of the settings' length; the report is written either way.</summary>
    /// <param name="progress">Told a line every few seconds; null: nothing.</param>
    public async Task<LoadReport> RunAsync(TextWriter? progress, CancellationToken stop)
    {
        using var users = new ShopUsers(settings.Target, token);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var lines = progress is null ? Task.CompletedTask : SayAsync(progress, ended.Token);
        await new LoadGenerator(users.SendAsync, tally, clock)
            .RunAsync(new RequestPlan(settings.Preset, settings.Seed), settings.Length, stop).ConfigureAwait(false);
        await ended.CancelAsync().ConfigureAwait(false);
        await lines.ConfigureAwait(false);
        var report = Report();
        if (settings.ReportFile is { } file)
        {
            var json = JsonSerializer.SerializeToUtf8Bytes(report, JsonSerializerOptions.Web);
            await File.WriteAllBytesAsync(file, json, CancellationToken.None).ConfigureAwait(false);
        }

        return report;
    }

    private LoadReport Report() => tally.Report(settings.Target.ToString(), settings.Preset, settings.Seed);

    private async Task SayAsync(TextWriter progress, CancellationToken ended)
    {
        while (!ended.IsCancellationRequested)
        {
            await Task.Delay(Pause, clock, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await progress.WriteLineAsync(Report().Summary()).ConfigureAwait(false);
        }
    }
}
