using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Kpi.Tests.Dashboard.Live;

/// <summary>A page's line to the hub, by hand: SignalR's JSON protocol, messages ended by the record separator.</summary>
/// <remarks>Source of the protocol: ASP.NET Core, src/SignalR/docs/specs/HubProtocol.md.</remarks>
internal sealed class HubClient : IAsyncDisposable
{
    private const byte Separator = 0x1e;
    private const int Invocation = 1;
    private const int Completion = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ClientWebSocket socket = new();
    private readonly List<byte> unread = [];
    private readonly Queue<JsonElement> deltas = new();
    private int invocations;

    public static async Task<HubClient> ConnectAsync(RunningDashboard dashboard)
    {
        var client = new HubClient();
        using var patience = new CancellationTokenSource(Patience);
        await client.socket.ConnectAsync(new Uri($"ws://{dashboard.Address}/hubs/status"), patience.Token);
        await client.SendAsync("""{"protocol":"json","version":1}""");
        Assert.Equal("{}", (await client.ReadAsync()).GetRawText());
        return client;
    }

    /// <summary>Subscribes and reads up to the answer; deltas before it are kept.</summary>
    public async Task<JsonElement> InvokeSubscribeAsync(string window)
    {
        var id = $"{++invocations}";
        await SendSubscribeAsync(window, id);
        while (true)
        {
            var message = await ReadAsync();
            if (message.GetProperty("type").GetInt32() == Completion && message.GetProperty("invocationId").GetString() == id)
            {
                return message;
            }

            Keep(message);
        }
    }

    /// <summary>Subscribes; the snapshot.</summary>
    public async Task<JsonElement> SubscribeAsync(string window) => (await InvokeSubscribeAsync(window)).GetProperty("result");

    public Task SendSubscribeAsync(string window, string id) =>
        SendAsync($$"""{"type":1,"invocationId":"{{id}}","target":"Subscribe","arguments":["{{window}}"]}""");

    public async Task<JsonElement> DeltaAsync()
    {
        while (deltas.Count == 0)
        {
            Keep(await ReadAsync());
        }

        return deltas.Dequeue();
    }

    /// <summary>The next message of any kind; throws when the line is closed.</summary>
    public async Task<JsonElement> ReadAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        var buffer = new byte[16 * 1024];
        int end;
        while ((end = unread.IndexOf(Separator)) < 0)
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(), patience.Token);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                throw new EndOfStreamException("the hub closed the line");
            }

            unread.AddRange(buffer.AsSpan(0, received.Count));
        }

        using var document = JsonDocument.Parse(unread[..end].ToArray());
        unread.RemoveRange(0, end + 1);
        return document.RootElement.Clone();
    }

    public ValueTask DisposeAsync()
    {
        socket.Abort();
        socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Keep(JsonElement message)
    {
        if (message.GetProperty("type").GetInt32() == Invocation && message.GetProperty("target").GetString() == "Delta")
        {
            deltas.Enqueue(message.GetProperty("arguments")[0]);
        }
    }

    private async Task SendAsync(string message)
    {
        using var patience = new CancellationTokenSource(Patience);
        await socket.SendAsync(
            Encoding.UTF8.GetBytes(message).Append(Separator).ToArray(), WebSocketMessageType.Text, endOfMessage: true, patience.Token);
    }
}
