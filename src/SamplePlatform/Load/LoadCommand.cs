using System.CommandLine;
using System.Text;
using Kpi.SamplePlatform.Shop.Access;

namespace Kpi.SamplePlatform.Load;

/// <summary>The verb <c>load</c>: the users of a shop that runs.</summary>
internal static class LoadCommand
{
    private const int Fine = 0;
    private const int Environment = 2;
    private const double LongestSeconds = 1e6;

    public static Command Create()
    {
        var target = new Option<string>("--target") { Description = "http://HOST:PORT of the shop", Required = true };
        var users = new Option<string>("--users") { Description = "size of the platform: 1k, 100k, 1m", DefaultValueFactory = _ => "100k" };
        var seed = new Option<int>("--seed") { Description = "one seed makes one sequence of requests", DefaultValueFactory = _ => 1 };
        var length = new Option<double?>("--for") { Description = "seconds (default: until it is told to stop)" };
        var report = new Option<string?>("--report") { Description = "file for the report, JSON" };
        var progress = new Option<bool>("--progress") { Description = "say every few seconds how it goes" };
        var command = new Command("load", $"Open-loop load. Tokens are signed with the key in {ShopTokens.KeyVariable}, the shop's own.")
        {
            target, users, seed, length, report, progress,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var problems = new List<string>();
            var preset = LoadPreset.Find(parsed.GetValue(users)!);
            Require(preset is not null, $"--users: one of {string.Join(", ", LoadPreset.All.Select(p => p.Name))}", problems);
            var isUrl = Uri.TryCreate(parsed.GetValue(target), UriKind.Absolute, out var url) && url.Scheme is "http" or "https";
            Require(isUrl, "--target: http://HOST:PORT of the shop", problems);
            var seconds = parsed.GetValue(length);
            Require(seconds is null or (> 0 and <= LongestSeconds), "--for: a number of seconds above 0", problems);
            var key = Encoding.UTF8.GetBytes(System.Environment.GetEnvironmentVariable(ShopTokens.KeyVariable) ?? "");
            Require(key.Length >= ShopTokens.LeastKeyLength, $"{ShopTokens.KeyVariable}: the key of the shop's tokens", problems);
            if (problems.Count > 0)
            {
                return Task.FromResult(Refuse(problems));
            }

            TimeSpan? span = seconds is { } s ? TimeSpan.FromSeconds(s) : null;
            var settings = new LoadSettings(url!, preset!, parsed.GetValue(seed), span, parsed.GetValue(report));
            return RunAsync(settings, new ShopTokens(key), parsed.GetValue(progress), cancellation);
        });
        return command;
    }

    private static async Task<int> RunAsync(LoadSettings settings, ShopTokens tokens, bool progress, CancellationToken cancellation)
    {
        using var stop = new StopSignal(cancellation);
        try
        {
            var run = new LoadRun(settings, tokens.Issue, TimeProvider.System);
            var report = await run.RunAsync(progress ? Console.Out : null, stop.Token).ConfigureAwait(false);
            await Console.Out.WriteLineAsync(report.Summary()).ConfigureAwait(false);
            return Fine;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return Refuse([$"--report: {failure.Message}"]);
        }
    }

    private static void Require(bool holds, string problem, List<string> problems)
    {
        if (!holds)
        {
            problems.Add(problem);
        }
    }

    private static int Refuse(IEnumerable<string> problems)
    {
        foreach (var problem in problems)
        {
            Console.Error.WriteLine(problem);
        }

        return Environment;
    }
}
