using Kpi.EndToEnd.Senders;
using Kpi.EndToEnd.Server;

namespace Kpi.EndToEnd;

public sealed class OpenTelemetryJsTests
{
    [Theory]
    [InlineData("grpc")]
    [InlineData("proto")]
    [InlineData("json")]
    public async Task Known_traffic_of_the_sdk_gives_exactly_the_known_figures(string protocol)
    {
        await using var server = await KpiServer.StartAsync();
        await JsSender.SendAsync(protocol, protocol == "grpc" ? server.OtlpGrpc : server.OtlpHttp, "items");

        var service = await server.Api.ServiceAsync("items");
        Assert.Equal(JsSender.Requests, (long?)service!["requests"]);
        Assert.Equal(JsSender.Errors, (long?)service["errors"]);
        Assert.Equal(0, (long?)service["aborted"]);
        Assert.InRange((double)service["p99"]!, 0.396 * 0.99, 0.396 * 1.01);

        var latency = await server.Api.KpiAsync("p99_latency");
        Assert.Equal([0.5, 0.375, 0.25], new[] { "1k", "100k", "1m" }.Select(tier => (double)latency["shares"]![tier]!));
        var queries = await server.Api.KpiAsync("db_query_time");
        Assert.Equal(JsSender.Queries, (long?)queries["n"]);
        Assert.InRange((double)queries["value"]!, 0.005 * 0.99, 0.005 * 1.01);
    }
}
