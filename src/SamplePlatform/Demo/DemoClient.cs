using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kpi.SamplePlatform.Demo;

/// <summary>What the launcher asks the running parts over HTTP.</summary>
internal sealed class DemoClient(DemoPorts ports) : IDisposable
{
    private readonly HttpClient client = new(new SocketsHttpHandler { UseProxy = false, ActivityHeadersPropagator = null })
    {
        Timeout = TimeSpan.FromSeconds(5),
    };

    public Task<bool> KpiIsReadyAsync(CancellationToken cancellation) => AnswersAsync(ports.Page, "readyz", cancellation);

    public Task<bool> ShopIsReadyAsync(CancellationToken cancellation) => AnswersAsync(ports.Shop, "healthz", cancellation);

    /// <summary>The scorecard shows a latency, so requests reach the shop, and what it tells about them reaches the page.</summary>
    public async Task<bool> HasFiguresAsync(CancellationToken cancellation)
    {
        var scorecard = await GetAsync(ports.Page, "api/scorecard?window=5m", cancellation).ConfigureAwait(false);
        return scorecard?["kpis"]?.AsArray().Any(k => (string?)k?["id"] == "p99_latency" && k["value"] is not null) ?? false;
    }

    /// <summary>Servers that open faults of the shop's ledger have stopped; none when the shop does not answer.</summary>
    public async Task<IReadOnlySet<string>> StoppedOnPurposeAsync(CancellationToken cancellation) =>
        StoppedServers(await GetAsync(ports.Shop, "faults", cancellation).ConfigureAwait(false));

    /// <summary>Reads a ledger.</summary>
    public static IReadOnlySet<string> StoppedServers(JsonNode? ledger) => (ledger as JsonArray ?? [])
        .OfType<JsonObject>()
        .Where(f => f["end"] is null)
        .Select(f => (string?)f["fault"] switch
        {
            "stopped-shard" => (string?)f["target"],
            "redis-stopped" => DemoServers.RedisName,
            _ => null,
        })
        .OfType<string>()
        .ToHashSet();

    public void Dispose() => client.Dispose();

    private async Task<bool> AnswersAsync(IPEndPoint part, string path, CancellationToken cancellation)
    {
        try
        {
            using var answer = await client.GetAsync(new Uri($"http://{part}/{path}"), cancellation).ConfigureAwait(false);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception silent) when (IsSilence(silent, cancellation))
        {
            return false;
        }
    }

    private async Task<JsonNode?> GetAsync(IPEndPoint part, string path, CancellationToken cancellation)
    {
        try
        {
            return JsonNode.Parse(await client.GetStringAsync(new Uri($"http://{part}/{path}"), cancellation).ConfigureAwait(false));
        }
        catch (Exception silent) when (IsSilence(silent, cancellation) || silent is JsonException)
        {
            return null;
        }
    }

    private static bool IsSilence(Exception failure, CancellationToken cancellation) =>
        failure is HttpRequestException or IOException || (failure is OperationCanceledException && !cancellation.IsCancellationRequested);
}
