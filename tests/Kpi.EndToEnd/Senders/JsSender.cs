using System.Diagnostics;
using Kpi.EndToEnd.Server;

namespace Kpi.EndToEnd.Senders;

/// <summary>A service with the stock OpenTelemetry SDK for JavaScript, run by node: <c>js/send.mjs</c> says which spans it sends.</summary>
internal static class JsSender
{
    public const int Requests = 400;
    public const int Errors = 8;
    public const int Queries = 100;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static Task SendAsync(string protocol, Uri endpoint, string service) => RunAsync("send.mjs", protocol, Base(endpoint), service);

    /// <summary>Sends metrics, twice, and logs: <c>js/signals.mjs</c> says which.</summary>
    /// <param name="protocol"><c>grpc</c>, <c>proto</c> or <c>json</c>.</param>
    /// <param name="temporality"><c>delta</c> or <c>cumulative</c>.</param>
    public static Task SendSignalsAsync(string protocol, Uri endpoint, string service, string temporality) =>
        RunAsync("signals.mjs", protocol, Base(endpoint), service, temporality);

    private static string Base(Uri endpoint) => endpoint.ToString().TrimEnd('/');

    private static async Task RunAsync(string script, params string[] arguments)
    {
        using var node = Process.Start(new ProcessStartInfo("node", [Path.Combine(BuiltProgram.JsFolder, script), .. arguments])
        {
            RedirectStandardError = true,
        })!;
        using var deadline = new CancellationTokenSource(Patience);
        try
        {
            var said = await node.StandardError.ReadToEndAsync(deadline.Token);
            await node.WaitForExitAsync(deadline.Token);
            Assert.True(node.ExitCode == 0, said);
        }
        finally
        {
            node.Kill();
        }
    }
}
