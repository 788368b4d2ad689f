using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Google.Protobuf;
using Kpi.EndToEnd.Browser;
using Kpi.EndToEnd.Server;
using Kpi.Testing;
using Kpi.Witness;
using Microsoft.Playwright;

namespace Kpi.EndToEnd;

/// <summary>The worst offenders are named on the Ingest page and in <c>/api/ingest</c>: senders, rates, rejections by reason, clock skew, labels.</summary>
public sealed class IngestPageTests(ChromiumBrowser browser) : IClassFixture<ChromiumBrowser>
{
    private const int SeriesPerMetric = 20_000;
    private const int AheadSeconds = 300;
    private const long NanosPerSecond = 1_000_000_000;

    private static readonly TimeSpan CensusLasts = TimeSpan.FromSeconds(5);

    private readonly SpanBodies bodies = new(series: 8);

    private static long Now => DateTime.UtcNow.Subtract(DateTime.UnixEpoch).Ticks * 100;

    [Fact]
    public async Task Good_bad_and_skewed_senders_are_named_with_what_to_do()
    {
        await using var server = await KpiServer.StartAsync();
        await using var page = await browser.OpenAsync(new Uri(server.Page, "ingest"));
        await page.MarkDocumentAsync();
        await Assertions.Expect(page.Empty).ToContainTextAsync($"OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:{server.Ports.Grpc}");
        await Assertions.Expect(page.Empty).ToContainTextAsync($"OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:{server.Ports.OtlpHttp}");
        await page.ScreenshotAsync("ingest-empty");

        await SendAllAsync(server);
        TellsAll(await Eventually.GetAsync("the series are counted anew", CensusLasts * 3, async () =>
            await server.Api.JsonAsync("api/ingest") is var report && report["metrics"]!.AsArray().Count > 0 ? report : null));
        await ShowsAllAsync(page.Page);
        await FitsAPhoneAsync(page);
        await LeadsToTheStatusAndBackAsync(page);
        await page.IsSameDocumentAsync();
        Assert.Empty(page.Complaints);
    }

    private async Task SendAllAsync(KpiServer server)
    {
        using var client = new HttpClient { BaseAddress = server.OtlpHttp };
        var good = bodies.Make(100, Now);
        Assert.Equal(HttpStatusCode.OK, await PostAsync(client, good));
        Assert.Equal(HttpStatusCode.OK, await PostAsync(client, good));
        var broken = From("broken", bodies.Message(10, Now));
        foreach (var span in broken.ResourceSpans[0].ScopeSpans[0].Spans.Take(4))
        {
            span.SpanId = ByteString.Empty;
        }

        Assert.Equal(HttpStatusCode.OK, await PostAsync(client, broken.ToByteArray()));
        var ahead = From("ahead", bodies.Message(10, Now + (AheadSeconds * NanosPerSecond), spreadNanos: 1_000_000));
        Assert.Equal(HttpStatusCode.OK, await PostAsync(client, ahead.ToByteArray()));
        Assert.Equal(HttpStatusCode.BadRequest, await PostAsync(client, good[..^3]));
        Assert.Equal(HttpStatusCode.OK, await PostAsync(client, Explosion(SeriesPerMetric + 10), "v1/metrics"));
    }

    private static void TellsAll(JsonNode report)
    {
        var senders = report["senders"]!.AsArray().ToDictionary(s => (string?)s!["service"] ?? "", s => s!);
        Assert.Equal("broken", (string?)report["senders"]![0]!["service"]);
        Assert.All(senders.Values, s => Assert.Equal("127.0.0.1", (string?)s["peer"]));
        Assert.Equal((100, 1, true), ((long)senders["shop"]["items"]!, (long)senders["shop"]["repeated"]!, senders["shop"]["clockSkewSeconds"] is null));
        Assert.True((double)senders["shop"]["itemsPerSecond"]! > 0);
        Assert.Equal("""[{"reason":"invalid_id","count":4}]""", senders["broken"]["rejected"]!.ToJsonString());
        Assert.Equal("""[{"reason":"malformed","count":1,"retry":false}]""", senders.Values.SelectMany(s => s["refused"]!.AsArray()).Select(r => $"[{r!.ToJsonString()}]").Single());
        Assert.InRange((double)senders["ahead"]["clockSkewSeconds"]!, -AheadSeconds, -AheadSeconds + 15);
        var worst = report["metrics"]![0]!;
        Assert.Equal(("app.clicks", SeriesPerMetric, true), ((string?)worst["name"], (int)worst["series"]!, (bool)worst["overflowed"]!));
        Assert.Equal(("user.id", SeriesPerMetric), ((string?)worst["labels"]![0]!["name"], (int)worst["labels"]![0]!["values"]!));
        Assert.Equal(4L << 30, (long)report["journal"]!["limit"]!);
        Assert.True((DateTimeOffset)report["to"]! > (DateTimeOffset)report["from"]!);
    }

    private static async Task ShowsAllAsync(IPage page)
    {
        await Assertions.Expect(Sender(page, "broken").GetByTestId("rejected")).ToContainTextAsync("4 invalid id");
        await Assertions.Expect(page.GetByTestId("sender-row").First).ToHaveAttributeAsync("data-service", "broken");
        await Assertions.Expect(Sender(page, "ahead").GetByTestId("clock")).ToContainTextAsync(new Regex(@"(4\.[89]|5) min ahead"));
        await Assertions.Expect(Sender(page, "shop").GetByTestId("items")).ToHaveAttributeAsync("data-value", "100");
        await Assertions.Expect(Reason(page, "malformed")).ToContainTextAsync("cut short");
        await Assertions.Expect(Reason(page, "series_overflow")).ToContainTextAsync("Drop its label user.id (20,000 values)");
        await Assertions.Expect(page.Locator("[data-testid=metric-row][data-metric='app.clicks']")).ToContainTextAsync("overflowed");
        await Assertions.Expect(page.GetByTestId("summary")).ToContainTextAsync("of 4 GiB");
        await Assertions.Expect(page.GetByTestId("empty")).ToHaveCountAsync(0);
    }

    private static async Task FitsAPhoneAsync(StatusPage page)
    {
        await page.ScreenshotAsync("ingest-light");
        await page.Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Dark });
        await page.ScreenshotAsync("ingest-dark");
        await page.Page.SetViewportSizeAsync(360, 740);
        await page.ScreenshotAsync("ingest-phone");
        Assert.Equal(360, await page.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"));
        await page.Page.SetViewportSizeAsync(1280, 900);
    }

    private static async Task LeadsToTheStatusAndBackAsync(StatusPage page)
    {
        await page.Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Status" }).ClickAsync();
        await page.ShowsRequestsAsync("shop", 100);
        Assert.Equal("/", new Uri(page.Page.Url).AbsolutePath);
        await page.Page.GoBackAsync();
        await Assertions.Expect(Sender(page.Page, "shop")).ToHaveCountAsync(1);
        Assert.Equal("/ingest", new Uri(page.Page.Url).AbsolutePath);
    }

    private static ILocator Sender(IPage page, string service) => page.Locator($"[data-testid=sender-row][data-service='{service}']");

    private static ILocator Reason(IPage page, string reason) => page.Locator($"[data-testid=reason-row][data-reason='{reason}']");

    private static ExportTraceServiceRequest From(string service, ExportTraceServiceRequest request)
    {
        request.ResourceSpans[0].Resource.Attributes[0] = SpanBodies.Text("service.name", service);
        return request;
    }

    private static byte[] Explosion(int users)
    {
        var (now, sum) = ((ulong)Now, new Sum { AggregationTemporality = AggregationTemporality.TemporalityDelta, IsMonotonic = true });
        for (var i = 0; i < users; i++)
        {
            var user = SpanBodies.Text("user.id", i.ToString(CultureInfo.InvariantCulture));
            sum.DataPoints.Add(new NumberDataPoint { AsInt = 1, TimeUnixNano = now, StartTimeUnixNano = now - 1_000, Attributes = { user } });
        }

        var metrics = new ScopeMetrics { Metrics = { new Metric { Name = "app.clicks", Sum = sum } } };
        var resource = new Resource { Attributes = { SpanBodies.Text("service.name", "clicks") } };
        return new ExportMetricsServiceRequest { ResourceMetrics = { new ResourceMetrics { Resource = resource, ScopeMetrics = { metrics } } } }.ToByteArray();
    }

    private static async Task<HttpStatusCode> PostAsync(HttpClient client, byte[] body, string path = "v1/traces")
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
        using var answer = await client.PostAsync(new Uri(path, UriKind.Relative), content);
        return answer.StatusCode;
    }
}
