using System.Net.Http.Headers;
using System.Text.Json;
using Kpi.SamplePlatform.Telemetry;

namespace Kpi.SamplePlatform.Load;

/// <summary>
/// The users: makes HTTP requests of planned ones and remembers what later requests need, such as the orders that may be looked at.
/// </summary>
/// <param name="token">The token of an account of a tenant.</param>
internal sealed class ShopUsers(Uri target, Func<long, long, string> token) : IDisposable
{
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(30);

    private readonly HttpClient client = new(new SocketsHttpHandler
    {
        MaxConnectionsPerServer = 256,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        UseCookies = false,
        AllowAutoRedirect = false,
        UseProxy = false,

        // Users bring no trace of their own.
        ActivityHeadersPropagator = null,
    })
    {
        BaseAddress = target,
        Timeout = AnswerTime,
    };

    // Distinguishes this run's idempotency keys from those of another run with the same seed.
    private readonly string run = Guid.NewGuid().ToString("N")[..12];
    private readonly RecentAnswers<PlacedOrder> orders = new();
    private readonly RecentAnswers<string> signedUp = new();

    /// <summary>The status of the answer; null when none came.</summary>
    public async Task<int?> SendAsync(PlannedRequest request, CancellationToken cancellation)
    {
        try
        {
            using var message = Message(request);
            using var answer = await client.SendAsync(message, cancellation).ConfigureAwait(false);
            if (answer.IsSuccessStatusCode)
            {
                await RememberAsync(request, message, answer, cancellation).ConfigureAwait(false);
            }

            return (int)answer.StatusCode;
        }
        catch (Exception unanswered) when (unanswered is HttpRequestException or OperationCanceledException or IOException or JsonException)
        {
            return null;
        }
    }

    public void Dispose() => client.Dispose();

    private HttpRequestMessage Message(in PlannedRequest request) => request.Kind switch
    {
        RequestKind.BrowseProduct => As(request, HttpMethod.Get, $"products/{request.Product}"),
        RequestKind.ListProducts => As(request, HttpMethod.Get, $"products?after={request.Product - 1}&limit=20"),
        RequestKind.GetCart => As(request, HttpMethod.Get, "cart"),
        RequestKind.PutCartItem => As(request, HttpMethod.Put, $"cart/items/{request.Product}", new { quantity = request.Quantity }),
        RequestKind.PlaceOrder => Order(request),
        RequestKind.GetOrder => orders.Find(request.Choice) is { } order
            ? As(order.Tenant, order.Account, HttpMethod.Get, $"orders/{order.Id}")
            : As(request, HttpMethod.Get, "orders"),
        RequestKind.ListOrders => As(request, HttpMethod.Get, "orders"),
        RequestKind.GetAccount => As(request, HttpMethod.Get, "account"),
        RequestKind.ChangePlan => As(request, HttpMethod.Put, "account/plan", new { plan = PlanOf(request) }),

        // Only tenants of this run's own leave; before there is one, somebody joins.
        RequestKind.Cancel when signedUp.Take(request.Choice) is { } own => With(own, HttpMethod.Post, "account/cancel", null),
        _ => Unsigned(HttpMethod.Post, "signup", new { name = $"tenant {run}-{request.Sequence}", plan = PlanOf(request) }),
    };

    private static string PlanOf(in PlannedRequest request) => Plan.All[request.Choice % Plan.All.Count].Name;

    private HttpRequestMessage Order(in PlannedRequest request)
    {
        var message = As(request, HttpMethod.Post, "orders");
        message.Headers.Add("Idempotency-Key", $"{run}-{request.Sequence}");
        return message;
    }

    private HttpRequestMessage As(in PlannedRequest request, HttpMethod method, string path, object? body = null) =>
        As(request.Tenant, request.Account, method, path, body);

    private HttpRequestMessage As(long tenant, long account, HttpMethod method, string path, object? body = null) =>
        With(token(tenant, account), method, path, body);

    private static HttpRequestMessage With(string token, HttpMethod method, string path, object? body)
    {
        var message = Unsigned(method, path, body);
        message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return message;
    }

    private static HttpRequestMessage Unsigned(HttpMethod method, string path, object? body) =>
        new(method, new Uri(path, UriKind.Relative)) { Content = body is null ? null : JsonContent.Create(body) };

    private async Task RememberAsync(
        PlannedRequest request, HttpRequestMessage message, HttpResponseMessage answer, CancellationToken cancellation)
    {
        if (request.Kind == RequestKind.PlaceOrder)
        {
            var placed = await answer.Content.ReadFromJsonAsync<OrderAnswer>(cancellation).ConfigureAwait(false);
            orders.Add(new PlacedOrder(request.Tenant, request.Account, placed!.Id));
        }
        else if (message.RequestUri!.AbsolutePath == "/signup")
        {
            var joined = await answer.Content.ReadFromJsonAsync<SignUpAnswer>(cancellation).ConfigureAwait(false);
            signedUp.Add(joined!.Token);
        }
    }

    private sealed record PlacedOrder(long Tenant, long Account, long Id);

    private sealed record OrderAnswer(long Id);

    private sealed record SignUpAnswer(string Token);
}
