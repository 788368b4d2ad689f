using System.Diagnostics;
using Kpi.EndToEnd.Server;

namespace Kpi.EndToEnd.Senders;

/// <summary>A service with the stock OpenTelemetry SDK for JavaScript, run by node: <c>js/send.mjs</c> says what it sends.</summary>
internal static class JsSender
{
    public const int Requests = 400;
    public const int Errors = 8;
    public const int Queries = 100;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async Task SendAsync(string protocol, Uri endpoint, string service)
    {
        using var node = Process.Start(new ProcessStartInfo(
            "node", [Path.Combine(BuiltProgram.JsFolder, "send.mjs"), protocol, endpoint.ToString().TrimEnd('/'), service])
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
