using System.Net;
using System.Text.Json.Nodes;

namespace Kpi.EndToEnd.Answers;

/// <summary>What a script sees of the server: addresses and JSON, nothing of our types.</summary>
internal sealed class KpiApi(Uri server) : IDisposable
{
    private readonly HttpClient client = new() { BaseAddress = server };

    public void Dispose() => client.Dispose();

    /// <summary>False also when nobody listens.</summary>
    public async Task<bool> IsReadyAsync()
    {
        try
        {
            using var answer = await GetAsync("readyz");
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    public Task<HttpResponseMessage> GetAsync(string address) => client.GetAsync(new Uri(address, UriKind.Relative));

    public Task<string> TextAsync(string address) => client.GetStringAsync(new Uri(address, UriKind.Relative));

    public async Task<JsonNode> JsonAsync(string address) => JsonNode.Parse(await TextAsync(address))!;

    public async Task<PrometheusScrape> MetricsAsync() => PrometheusScrape.Parse(await TextAsync("metrics"));

    /// <summary>One KPI of the scorecard.</summary>
    public async Task<JsonNode> KpiAsync(string id, string window = "5m") =>
        (await JsonAsync($"api/scorecard?window={window}"))["kpis"]!.AsArray().Single(k => (string?)k!["id"] == id)!;

    /// <summary>One service; null while it is not there.</summary>
    public async Task<JsonNode?> ServiceAsync(string name, string window = "5m") =>
        (await JsonAsync($"api/services?window={window}")).AsArray().SingleOrDefault(s => (string?)s!["service"] == name);

    /// <summary>Requests counted for a service; 0 while it is not there.</summary>
    public async Task<long> RequestsAsync(string service) => (await ServiceAsync(service))?["requests"]?.GetValue<long>() ?? 0;

    public async Task<JsonArray> SeriesAsync(string match, string window = "5m") =>
        (await JsonAsync($"api/series?match={Uri.EscapeDataString(match)}&window={window}")).AsArray();
}
