using System.CommandLine;
using System.Net;
using System.Text;
using Kpi.SamplePlatform.Servers;
using Kpi.SamplePlatform.Sharding;
using Kpi.SamplePlatform.Shop.Access;
using Kpi.SamplePlatform.Shop.Hosting;
using Kpi.SamplePlatform.Telemetry;

namespace Kpi.SamplePlatform.Shop;

/// <summary>The verb <c>shop</c>: the platform's API on servers that run already.</summary>
internal static class ShopCommand
{
    private const int Fine = 0;
    private const int Environment = 2;

    public static Command Create()
    {
        var listen = new Option<string>("--listen") { Description = "HOST:PORT", DefaultValueFactory = _ => "127.0.0.1:8090" };
        var servers = new Option<string>("--servers") { Description = "folder of catalogue, shard-1 …, redis", Required = true };
        var otlp = new Option<string?>("--otlp") { Description = "http://HOST:PORT of OTLP/gRPC (default: OTEL_EXPORTER_OTLP_…)" };
        var version = new Option<string>("--version") { Description = "service.version", DefaultValueFactory = _ => "1.0.0" };
        var interval = new Option<double>("--metrics-every") { Description = "seconds between metrics", DefaultValueFactory = _ => 2 };
        var command = new Command("shop", $"The multi-tenant shop. Its tokens are signed with the key in {ShopTokens.KeyVariable}.")
        {
            listen, servers, otlp, version, interval,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var problems = new List<string>();
            var settings = new ShopSettings(
                Endpoint(parsed.GetValue(listen)!, problems),
                parsed.GetValue(servers)!,
                Key(problems))
            {
                Telemetry = new TelemetryOptions
                {
                    Endpoint = Otlp(parsed.GetValue(otlp), problems),
                    Version = parsed.GetValue(version)!,
                    MetricInterval = Interval(parsed.GetValue(interval), problems),
                },
            };
            var errors = parsed.InvocationConfiguration.Error;
            return problems.Count > 0 ? Task.FromResult(Refuse(problems, errors)) : RunAsync(settings, errors, cancellation);
        });
        return command;
    }

    private static async Task<int> RunAsync(ShopSettings settings, TextWriter errors, CancellationToken cancellation)
    {
        using var stop = new StopSignal(cancellation);
        try
        {
            await using var server = await ShopServer.StartAsync(settings, stop.Token).ConfigureAwait(false);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            // Told to stop while starting.
        }
        catch (Exception failure) when (failure is ServerException or ShardUnavailableException or IOException)
        {
            return Refuse([failure.Message], errors);
        }

        return Fine;
    }

    private static IPEndPoint Endpoint(string text, List<string> problems)
    {
        if (!IPEndPoint.TryParse(text, out var endpoint) || !text.Contains(':', StringComparison.Ordinal))
        {
            problems.Add($"--listen {text}: HOST:PORT, such as 127.0.0.1:8090");
        }
        else if (!IPAddress.IsLoopback(endpoint.Address))
        {
            problems.Add($"--listen {text}: the shop has fault switches without a login and listens on loopback only");
        }

        return endpoint ?? new IPEndPoint(IPAddress.Loopback, 0);
    }

    private static Uri? Otlp(string? text, List<string> problems)
    {
        if (text is null)
        {
            return null;
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            problems.Add($"--otlp {text}: an address, such as http://127.0.0.1:4317");
        }

        return address;
    }

    private static byte[] Key(List<string> problems)
    {
        var key = System.Environment.GetEnvironmentVariable(ShopTokens.KeyVariable) ?? "";
        if (key.Length < ShopTokens.LeastKeyLength)
        {
            problems.Add($"{ShopTokens.KeyVariable}: at least {ShopTokens.LeastKeyLength} characters, the same as for the load");
        }

        return Encoding.UTF8.GetBytes(key);
    }

    private static TimeSpan Interval(double seconds, List<string> problems)
    {
        if (seconds is >= 0.1 and <= 3_600)
        {
            return TimeSpan.FromSeconds(seconds);
        }

        problems.Add($"--metrics-every {seconds}: 0.1 to 3600 seconds");
        return TimeSpan.FromSeconds(2);
    }

    private static int Refuse(IEnumerable<string> problems, TextWriter errors)
    {
        foreach (var problem in problems)
        {
            errors.WriteLine(problem);
        }

        return Environment;
    }
}
