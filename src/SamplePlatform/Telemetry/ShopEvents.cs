using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Kpi.SamplePlatform.Telemetry;

/// <summary>
/// What happens to customers, as OTLP log records whose event name is the id's name. Ids in them are pseudonyms: stable, so that
/// who is active can be counted, and not to be turned back without the key.
/// </summary>
internal sealed class ShopEvents(ILoggerFactory logs, byte[] key, TimeProvider time)
{
    /// <summary>Of the category, which becomes the record's scope.</summary>
    public const string Category = "Shop.Events";

    public const string Activity = "app.activity";
    public const string Started = "app.subscription.started";
    public const string Changed = "app.subscription.changed";
    public const string Canceled = "app.subscription.canceled";

    public const string Tenant = "app.tenant.id";
    public const string Account = "app.account.id";
    public const string PlanName = "app.subscription.plan";
    public const string Amount = "app.subscription.monthly_amount";
    public const string Currency = "app.subscription.currency";

    /// <summary>Accounts seen today. When there are more they are forgotten and told again, which counts nobody twice.</summary>
    private const int MostRemembered = 200_000;

    private readonly ILogger log = logs.CreateLogger(Category);
    private readonly Lock gate = new();
    private readonly HashSet<(long Tenant, long Account)> seen = [];
    private DateOnly day;

    /// <summary>An account did something: told once per account and UTC day.</summary>
    public void Active(long tenant, long account)
    {
        if (IsFirstToday(tenant, account))
        {
            Write(new EventId(1, Activity), [new(Tenant, Pseudonym(tenant, null)), new(Account, Pseudonym(tenant, account))]);
        }
    }

    public void SubscriptionStarted(long tenant, Plan plan) => Subscription(new EventId(2, Started), tenant, plan);

    public void SubscriptionChanged(long tenant, Plan plan) => Subscription(new EventId(3, Changed), tenant, plan);

    public void SubscriptionCanceled(long tenant, Plan plan) => Subscription(new EventId(4, Canceled), tenant, plan);

    private void Subscription(EventId id, long tenant, Plan plan) => Write(
        id,
        [
            new(Tenant, Pseudonym(tenant, null)), new(PlanName, plan.Name),
            new(Amount, (double)plan.MonthlyAmount), new(Currency, Plan.Currency),
        ]);

    private void Write(EventId id, KeyValuePair<string, object?>[] attributes) =>
        log.Log(LogLevel.Information, id, attributes, null, static (_, _) => "");

    private bool IsFirstToday(long tenant, long account)
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        lock (gate)
        {
            if (today != day || seen.Count >= MostRemembered)
            {
                seen.Clear();
                day = today;
            }

            return seen.Add((tenant, account));
        }
    }

    private string Pseudonym(long tenant, long? account)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"pseudonym.{tenant}.{account}");
        return Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(id)).AsSpan(0, 8));
    }
}
