using Kpi.EndToEnd.Senders;
using Kpi.EndToEnd.Server;

namespace Kpi.EndToEnd;

public sealed class FreshReadTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_was_acknowledged_is_in_the_next_answer_a_hundred_times_in_a_row(bool grpc)
    {
        await using var server = await KpiServer.StartAsync();
        using var sender = DotNetSender.OneByOne("fresh", grpc ? DotNetSender.Grpc(server.OtlpGrpc) : DotNetSender.Http(server.OtlpHttp));
        for (var sent = 1; sent <= 100; sent++)
        {
            sender.Send(SentRequest.Http(200, TimeSpan.FromMilliseconds(20), DateTime.UtcNow));
            Assert.Equal(sent, await server.Api.RequestsAsync("fresh"));
        }

        sender.Flush();
        Assert.Equal(100, (long?)(await server.Api.KpiAsync("p99_latency"))["n"]);
        Assert.Equal(100, (long?)Assert.Single(await server.Api.SeriesAsync("{\"service.name\"=\"fresh\"}"))!["count"]);
    }
}
