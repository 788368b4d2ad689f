using System.Net;
using System.Net.Http.Headers;
using Kpi.EndToEnd.Senders;
using Kpi.EndToEnd.Server;

namespace Kpi.EndToEnd;

/// <summary>Behind a stock nginx, by grpc_pass and by proxy_pass, senders see what they would see without it.</summary>
public sealed class NginxTests
{
    [Fact]
    public async Task The_sdks_exporter_is_counted_exactly_through_grpc_pass_and_proxy_pass()
    {
        await using var server = await KpiServer.StartAsync();
        using var nginx = await Nginx.StartAsync(server);
        var end = DateTime.UtcNow;
        using (var grpc = DotNetSender.Batching("grpc", DotNetSender.Grpc(nginx.OtlpGrpc)))
        using (var http = DotNetSender.Batching("http", DotNetSender.Http(nginx.OtlpHttp)))
        {
            for (var i = 0; i < 5_000; i++)
            {
                grpc.Send(SentRequest.Http(200, TimeSpan.FromMilliseconds(20), end));
                http.Send(SentRequest.Http(200, TimeSpan.FromMilliseconds(20), end));
            }

            grpc.Flush();
            http.Flush();
        }

        Assert.Equal((5_000, 5_000), (await server.Api.RequestsAsync("grpc"), await server.Api.RequestsAsync("http")));
    }

    [Fact]
    public async Task Refusals_come_through_as_they_are()
    {
        await using var server = await KpiServer.StartAsync();
        using var nginx = await Nginx.StartAsync(server);
        using var client = new HttpClient();
        using var call = new HttpRequestMessage(HttpMethod.Post, new Uri(nginx.OtlpGrpc, "nowhere"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(new byte[5]) { Headers = { ContentType = new MediaTypeHeaderValue("application/grpc") } },
        };
        call.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        using var unimplemented = await client.SendAsync(call);
        Assert.Equal(("12", 200), (unimplemented.Headers.GetValues("grpc-status").Single(), (int)unimplemented.StatusCode));

        using var post = new ByteArrayContent([]) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-protobuf") } };
        using var lost = await client.PostAsync(nginx.OtlpHttp, post);
        Assert.Equal((HttpStatusCode.NotFound, "application/x-protobuf"), (lost.StatusCode, lost.Content.Headers.ContentType?.MediaType));
        Assert.Contains("/v1/traces", await lost.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
