using Kpi.EndToEnd.Senders;
using Kpi.EndToEnd.Server;

namespace Kpi.EndToEnd;

/// <summary>Listening beyond this machine, as an operator sets it up.</summary>
public sealed class DoorTests : IDisposable
{
    private const string Token = "correct-horse-battery-staple";

    private readonly KpiFolder folder = new();
    private readonly KpiPorts ports = KpiPorts.Free();

    private string TokenFile => Path.Combine(folder.Root, "tokens");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task With_tokens_it_listens_everywhere_and_only_their_bearers_are_counted()
    {
        await File.WriteAllTextAsync(TokenFile, $"# who may send\nshop: {Token}\n");
        var process = KpiProcess.Start(folder.Root, Arguments("--token-file", TokenFile));
        await using var server = await KpiServer.AwaitReadyAsync(process, ports, folder);
        foreach (var options in new[] { DotNetSender.Grpc(server.OtlpGrpc), DotNetSender.Http(server.OtlpHttp) })
        {
            options.Headers = $"authorization=Bearer {Token}";
            using var known = DotNetSender.OneByOne("known", options);
            known.Send(SentRequest.Http(200, TimeSpan.FromMilliseconds(20), DateTime.UtcNow));
            known.Flush();

            options.Headers = "authorization=Bearer wrong-horse-battery-staple";
            using var unknown = DotNetSender.OneByOne("unknown", options);
            unknown.Send(SentRequest.Http(200, TimeSpan.FromMilliseconds(20), DateTime.UtcNow));
        }

        Assert.Equal((2, 0), (await server.Api.RequestsAsync("known"), await server.Api.RequestsAsync("unknown")));
        Assert.Equal(2, (await server.Api.MetricsAsync())["kpi_requests_refused_total{reason=\"unauthenticated\"}"]);
        Assert.DoesNotContain("horse", process.Output + await server.Api.TextAsync("metrics"), StringComparison.Ordinal);
        Assert.Contains("tokens cross the network in the clear", process.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "needs tokens for the senders: --token-file FILE")]
    [InlineData("--token-file nowhere", "--token-file: ")]
    [InlineData("--tls-cert server.pem", "--tls-cert, --tls-key: TLS needs both")]
    [InlineData("--tls-client-ca ca.pem", "--tls-client-ca: client certificates need TLS")]
    [InlineData("--tls-cert server.pem --tls-key server.key", "--tls-cert, --tls-key: ")]
    [InlineData("--cors-origin example.com", "--cors-origin: 'example.com' is no origin")]
    [InlineData("--cors-header x:team", "--cors-header: 'x:team' is no name of a header")]
    [InlineData("--http 0.0.0.0:8080", "needs a login for the page, which this version does not have yet")]
    public async Task What_is_missing_for_it_is_said_and_the_start_refused(string more, string said)
    {
        using var process = KpiProcess.Start(folder.Root, Arguments(more.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        await process.WaitForExitAsync(TimeSpan.FromSeconds(10));
        Assert.True(process.ExitCode == 2, $"exit code {process.ExitCode}:\n{process.Output}");
        Assert.Contains(said, process.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", process.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.Data), "a refused start leaves no data folder behind");
    }

    private IEnumerable<string> Arguments(params string[] more) =>
    [
        "serve", "--data", folder.Data, "--alerts", folder.Alerts,
        "--otlp-grpc", $"0.0.0.0:{ports.Grpc}", "--otlp-http", $"0.0.0.0:{ports.OtlpHttp}", .. more,
        .. more.Contains("--http") ? Array.Empty<string>() : ["--http", $"127.0.0.1:{ports.Http}"],
    ];
}
