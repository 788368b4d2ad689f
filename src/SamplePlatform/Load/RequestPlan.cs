namespace Kpi.SamplePlatform.Load;

/// <summary>
/// The endless sequence of requests of one preset and seed, in the order of their start. Arrivals are a Poisson process. Nothing that
/// happens during a run changes the sequence: every draw takes the same count of random numbers.
/// </summary>
internal sealed class RequestPlan
{
    // A buyer thinks for one to four seconds.
    private const double ShortestThought = 1;
    private const double LongestThought = 4;

    private readonly Random random;
    private readonly int[] accounts;
    private readonly ZipfSampler tenants;
    private readonly ZipfSampler products;
    private readonly double meanGap;

    // Bound: the orders of LongestThought seconds.
    private readonly PriorityQueue<PlannedRequest, TimeSpan> orders = new();
    private PlannedRequest drawn;
    private double seconds;
    private long sequence;

    public RequestPlan(LoadPreset preset, int seed)
    {
        accounts = preset.Seed.Accounts();
        random = new Random(seed);
        tenants = new ZipfSampler(preset.Tenants, preset.ZipfExponent);
        products = new ZipfSampler(preset.Seed.ProductsPerTenant, preset.ZipfExponent);
        meanGap = RequestMix.RequestsPerDraw / preset.RequestsPerSecond;
        drawn = Draw();
    }

    public PlannedRequest Next()
    {
        if (orders.TryPeek(out var order, out var due) && due < drawn.Due)
        {
            orders.Dequeue();
            return order;
        }

        var next = drawn;
        drawn = Draw();
        return next;
    }

    private PlannedRequest Draw()
    {
        seconds -= meanGap * Math.Log(1 - random.NextDouble());
        var tenant = tenants.Rank(random.NextDouble());
        var request = new PlannedRequest(
            TimeSpan.FromSeconds(seconds),
            sequence++,
            RequestMix.Draw(random.NextDouble()),
            tenant,
            1 + (int)(random.NextDouble() * accounts[tenant - 1]),
            products.Rank(random.NextDouble()),
            1 + random.Next(3),
            random.Next());
        var buys = random.NextDouble() < RequestMix.OrdersPerCartItem;
        var thought = ShortestThought + ((LongestThought - ShortestThought) * random.NextDouble());
        if (buys && request.Kind == RequestKind.PutCartItem)
        {
            var due = request.Due + TimeSpan.FromSeconds(thought);
            orders.Enqueue(request with { Due = due, Sequence = sequence++, Kind = RequestKind.PlaceOrder }, due);
        }

        return request;
    }
}
