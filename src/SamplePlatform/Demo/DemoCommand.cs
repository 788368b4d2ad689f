using System.CommandLine;
using System.Net;
using Kpi.SamplePlatform.Load;
using Kpi.SamplePlatform.Servers;

namespace Kpi.SamplePlatform.Demo;

/// <summary>The verb <c>demo</c>: its options and exit codes.</summary>
internal static class DemoCommand
{
    private const int Fine = 0;
    private const int Environment = 2;

    public static Command Create()
    {
        var length = new Option<double?>("--for") { Description = "seconds from ready until it ends by itself (default: until Ctrl-C)" };
        var users = new Option<string>("--users") { Description = "size of the platform: 1k, 100k, 1m", DefaultValueFactory = _ => "100k" };
        var http = new Option<string?>("--http") { Description = "HOST:PORT of the page (default 127.0.0.1:8080, or a free port)" };
        var kpi = new Option<string>("--kpi") { Description = "path of the kpi program", Required = true };
        var alerts = new Option<string>("--alerts") { Description = "folder of the definitions", Required = true };
        var command = new Command("demo", "Start databases, Redis, kpi, shop and users in a temporary folder; end and remove all of it.")
        {
            length, users, http, kpi, alerts,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var (page, program, definitions) = (parsed.GetValue(http), parsed.GetValue(kpi)!, parsed.GetValue(alerts)!);
            return RunAsync(new Given(parsed.GetValue(length), parsed.GetValue(users)!, page, program, definitions), cancellation);
        });
        return command;
    }

    private static async Task<int> RunAsync(Given given, CancellationToken cancellation)
    {
        using var stop = new StopSignal(cancellation);
        try
        {
            await new DemoRun(given.Checked(), Console.Out, TimeProvider.System).RunAsync(stop.Token).ConfigureAwait(false);
            return Fine;
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            // Told to stop while starting.
            return Fine;
        }
        catch (Exception failure) when (failure is DemoException or ServerException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync("demo: " + failure.Message).ConfigureAwait(false);
            return Environment;
        }
    }

    private sealed record Given(double? Length, string Users, string? Http, string Kpi, string Alerts)
    {
        public DemoSettings Checked()
        {
            var preset = LoadPreset.Find(Users)
                ?? throw new DemoException($"--users: '{Users}' is none of {string.Join(", ", LoadPreset.All.Select(p => p.Name))}");
            if (Length is { } seconds && seconds is not (> 0 and <= 1e6))
            {
                throw new DemoException($"--for: {seconds} is not a number of seconds above 0");
            }

            if (!File.Exists(Kpi))
            {
                throw new DemoException($"--kpi: there is no program {Kpi}");
            }

            return new DemoSettings(
                preset, Length is { } given ? TimeSpan.FromSeconds(given) : null, Page(), Path.GetFullPath(Kpi), Path.GetFullPath(Alerts));
        }

        private IPEndPoint? Page()
        {
            if (Http is null)
            {
                return null;
            }

            const string Localhost = "localhost:";
            var text = Http.StartsWith(Localhost, StringComparison.OrdinalIgnoreCase) ? "127.0.0.1:" + Http[Localhost.Length..] : Http;
            return IPEndPoint.TryParse(text, out var page) && page.Port != 0
                ? page
                : throw new DemoException($"--http: '{Http}' is not HOST:PORT, such as {DemoPorts.UsualPage}");
        }
    }
}
