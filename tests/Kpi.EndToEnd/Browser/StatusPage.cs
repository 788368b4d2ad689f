using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Kpi.EndToEnd.Browser;

/// <summary>The page as a reader sees it, and what its console said.</summary>
internal sealed class StatusPage : IAsyncDisposable
{
    private const float Patience = 15_000;

    // A violation of the content policy also reaches the console, but only an event names the directive.
    private const string RememberViolations =
        "addEventListener('securitypolicyviolation', e => console.error(`CSP ${e.violatedDirective} ${e.blockedURI}`));";

    private readonly IBrowserContext context;
    private readonly ConcurrentQueue<string> complaints = new();

    private StatusPage(IBrowserContext context, IPage page)
    {
        this.context = context;
        Page = page;
    }

    public IPage Page { get; }

    /// <summary>Errors and warnings of the console, uncaught exceptions, violations of the content policy.</summary>
    public IReadOnlyCollection<string> Complaints => complaints;

    public ILocator LostBar => Page.GetByTestId("lost-bar");

    public ILocator Problems => Page.GetByTestId("problems");

    public ILocator Empty => Page.GetByTestId("empty");

    public static async Task<StatusPage> OpenAsync(IBrowserContext context, Uri address)
    {
        await context.AddInitScriptAsync(RememberViolations);
        var page = await context.NewPageAsync();
        page.SetDefaultTimeout(Patience);
        Assertions.SetDefaultExpectTimeout(Patience);
        var opened = new StatusPage(context, page);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                opened.complaints.Enqueue($"{message.Type}: {message.Text}");
            }
        };
        page.PageError += (_, error) => opened.complaints.Enqueue(error);
        await page.GotoAsync(address.ToString());
        await opened.IsLiveAsync();
        return opened;
    }

    public Task IsLiveAsync() => Assertions.Expect(Page.GetByTestId("connection")).ToHaveAttributeAsync("data-state", "live");

    public ILocator Tile(string kpi) => Page.GetByTestId("tile-" + kpi);

    public ILocator TileValue(string kpi) => Tile(kpi).GetByTestId("value");

    public ILocator Verdict(string kpi, string tier) => Tile(kpi).GetByTestId("verdict-" + tier);

    public ILocator ServiceRow(string service) => Page.Locator($"[data-testid=service-row][data-service='{service}']");

    public ILocator Requests(string service) => ServiceRow(service).GetByTestId("requests");

    public async Task ShowsRequestsAsync(string service, long requests) =>
        await Assertions.Expect(Requests(service)).ToHaveAttributeAsync("data-value", requests.ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>Marks the document; the mark is gone after a reload.</summary>
    public Task MarkDocumentAsync() => Page.EvaluateAsync("() => { window.kpiMark = 'same document'; }");

    public async Task IsSameDocumentAsync() => Assert.Equal("same document", await Page.EvaluateAsync<string?>("() => window.kpiMark ?? null"));

    public Task ScreenshotAsync(string name) =>
        Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Figures.Folder, name + ".png"), FullPage = true });

    public async ValueTask DisposeAsync() => await context.CloseAsync();
}
