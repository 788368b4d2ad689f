using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net.Http.Headers;
using Kpi.SamplePlatform.Telemetry;
using Kpi.Tests.SamplePlatform.Shop;

namespace Kpi.Tests.SamplePlatform.Telemetry;

[Collection(UsesShop.Name)]
public sealed class RequestSpansTests(ShopPlatform platform) : IAsyncLifetime, IDisposable
{
    private readonly ActivityTraceId trace = ActivityTraceId.CreateRandom();
    private readonly ConcurrentQueue<Activity> spans = new();
    private readonly ConcurrentQueue<Dictionary<string, object?>> durations = new();
    private ActivityListener listener = null!;
    private MeterListener meters = null!;
    private ShopUnderTest shop = null!;

    public async Task InitializeAsync()
    {
        listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Microsoft.AspNetCore" or "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
                options.Parent.TraceId == trace ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStopped = span =>
            {
                // As the SDK does: what is not recorded is not exported.
                if (span.TraceId == trace && span.Recorded)
                {
                    spans.Enqueue(span);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        shop = await ShopUnderTest.StartAsync(platform);
        var factory = shop.Get<IMeterFactory>();
        meters = new MeterListener
        {
            InstrumentPublished = (instrument, mine) =>
            {
                if (instrument.Name == DurationEdges.HttpServer && ReferenceEquals(instrument.Meter.Scope, factory))
                {
                    mine.EnableMeasurementEvents(instrument);
                }
            },
        };
        meters.SetMeasurementEventCallback<double>((_, _, tags, _) => durations.Enqueue(tags.ToArray().ToDictionary(t => t.Key, t => t.Value)));
        meters.Start();
    }

    public async Task DisposeAsync() => await shop.DisposeAsync();

    public void Dispose()
    {
        meters.Dispose();
        listener.Dispose();
    }

    [Fact]
    public async Task A_request_is_told_by_the_conventions_with_its_query_below_it()
    {
        var (span, metric) = await RequestAsync("GET", "accounts/1");

        Assert.Equal(("GET /accounts/{id:long}", ActivityKind.Server, ActivityStatusCode.Unset), (span.DisplayName, span.Kind, span.Status));
        Assert.Equal("GET", span.GetTagItem("http.request.method"));
        Assert.Equal("/accounts/{id:long}", span.GetTagItem("http.route"));
        Assert.Equal(200, span.GetTagItem("http.response.status_code"));
        Assert.Equal("http", span.GetTagItem("url.scheme"));
        Assert.Null(span.GetTagItem("error.type"));
        Assert.Equal(("/accounts/{id:long}", 200), (metric["http.route"], metric["http.response.status_code"]));
        Assert.False(metric.ContainsKey("error.type"));
        var query = Assert.Single(spans, s => s.DisplayName == "postgresql"); // beside it, sometimes, CONNECT
        Assert.Equal(span.SpanId, query.ParentSpanId);
    }

    [Fact]
    public async Task What_is_the_callers_mistake_is_no_error()
    {
        var (span, metric) = await RequestAsync("GET", "accounts/99999");

        Assert.Equal((404, ActivityStatusCode.Unset), (span.GetTagItem("http.response.status_code"), span.Status));
        Assert.Null(span.GetTagItem("error.type"));
        Assert.False(metric.ContainsKey("error.type"));
    }

    [Fact]
    public async Task A_failure_says_its_type_in_span_and_metric()
    {
        await shop.JsonAsync("PUT", "faults/error-route", body: new { size = 1 });

        var (span, metric) = await RequestAsync("GET", "products/1");

        Assert.Equal((500, ActivityStatusCode.Error), (span.GetTagItem("http.response.status_code"), span.Status));
        Assert.Equal("Kpi.SamplePlatform.Faults.Switches.InjectedFailureException", span.GetTagItem("error.type"));
        Assert.Equal(span.GetTagItem("error.type"), metric["error.type"]);
    }

    [Fact]
    public async Task A_path_that_is_none_has_no_route_and_a_method_that_is_none_no_name()
    {
        var (span, _) = await RequestAsync("BREW", "nothing/here");

        Assert.Equal(("HTTP", "_OTHER", 404), (span.DisplayName, span.GetTagItem("http.request.method"), span.GetTagItem("http.response.status_code")));
        Assert.Null(span.GetTagItem("http.route"));
    }

    [Fact]
    public async Task A_caller_who_leaves_is_499_and_no_error()
    {
        await shop.JsonAsync("PUT", "faults/slow-release", body: new { size = 10 });
        using var leaving = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => SendAsync("GET", "products", leaving.Token));

        var (span, metric) = await ToldAsync();
        Assert.Equal((499, ActivityStatusCode.Unset), (span.GetTagItem("http.response.status_code"), span.Status));
        Assert.Equal(499, metric["http.response.status_code"]);
        Assert.False(metric.ContainsKey("error.type"));
    }

    [Theory]
    [InlineData("healthz")]
    [InlineData("faults")]
    public async Task Requests_of_machines_are_told_by_nobody(string path)
    {
        await SendAsync("GET", path, CancellationToken.None);
        var (span, metric) = await RequestAsync("GET", "cart");

        Assert.Equal("/cart", span.GetTagItem("http.route"));
        Assert.Equal("/cart", metric["http.route"]);
        Assert.Single(spans, s => s.Source.Name == "Microsoft.AspNetCore");
        Assert.Single(durations);
    }

    private async Task<(Activity Span, Dictionary<string, object?> Metric)> RequestAsync(string method, string path)
    {
        await SendAsync(method, path, CancellationToken.None);
        return await ToldAsync();
    }

    /// <summary>Span and metric come a moment after the answer.</summary>
    private async Task<(Activity Span, Dictionary<string, object?> Metric)> ToldAsync()
    {
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if (spans.LastOrDefault(s => s.Source.Name == "Microsoft.AspNetCore") is { } span && durations.LastOrDefault() is { } metric)
            {
                return (span, metric);
            }

            Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(10), "the request was not told");
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }
    }

    private async Task SendAsync(string method, string path, CancellationToken cancellation)
    {
        using var client = new HttpClient { BaseAddress = shop.Address };
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ShopPlatform.Tokens.Issue(1, 1));
        request.Headers.Add("traceparent", $"00-{trace}-00f067aa0ba902b7-01");
        using var answer = await client.SendAsync(request, cancellation);
    }
}
