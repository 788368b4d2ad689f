using System.Net.Sockets;
using System.Text;
using Google.Protobuf;
using static Kpi.Tests.Collector.OtlpClient;

namespace Kpi.Tests.Collector.Http;

/// <summary>Point 27 of the ingest reference: a sender that asks before it sends its body.</summary>
public sealed class ExpectContinueTests : IAsyncLifetime
{
    private ServerBed bed = null!;

    public async Task InitializeAsync() => bed = await ServerBed.StartAsync();

    public async Task DisposeAsync() => await bed.DisposeAsync();

    [Fact]
    public async Task A_sender_that_may_go_on_is_told_so_and_its_body_is_taken()
    {
        var body = Good(2).ToByteArray();
        using var socket = await AskAsync("/v1/traces", body.Length);
        Assert.StartsWith("HTTP/1.1 100 ", await HearAsync(socket), StringComparison.Ordinal);
        await socket.SendAsync(body);
        Assert.StartsWith("HTTP/1.1 200 ", await HearAsync(socket), StringComparison.Ordinal);
        Assert.Equal(2, await bed.CountAsync());
    }

    [Theory]
    [InlineData("/nowhere", 100, "404")]
    [InlineData("/v1/traces", 1 << 30, "413")]
    public async Task A_sender_that_may_not_hears_why_at_once_and_never_sends_its_body(string path, int length, string code)
    {
        using var socket = await AskAsync(path, length);
        Assert.StartsWith($"HTTP/1.1 {code} ", await HearAsync(socket), StringComparison.Ordinal);
    }

    private static async Task<string> HearAsync(Socket socket)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        var heard = new byte[8192];
        return Encoding.Latin1.GetString(heard, 0, await socket.ReceiveAsync(heard, limit.Token));
    }

    private async Task<Socket> AskAsync(string path, int length)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(bed.Options.Http);
        await socket.SendAsync(Encoding.Latin1.GetBytes(
            $"POST {path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-protobuf\r\nContent-Length: {length}\r\nExpect: 100-continue\r\n\r\n"));
        return socket;
    }
}
