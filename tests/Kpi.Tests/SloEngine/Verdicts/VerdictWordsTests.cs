using Kpi.SloEngine.Kpis;
using Kpi.SloEngine.Tiers;
using Kpi.SloEngine.Verdicts;

namespace Kpi.Tests.SloEngine.Verdicts;

public sealed class VerdictWordsTests
{
    private static readonly Tier Tier = new("100k", 100_000, "100k");

    private static readonly KpiDefinition Latency = new(
        "p99_latency", "P99 latency", KpiUnits.Seconds, new QuantileRule { Metrics = ["m"], Quantile = 0.99 }, Targets(0.15));

    private static readonly KpiDefinition Errors = new(
        "error_rate", "Error rate", KpiUnits.Ratio, new ErrorRatioRule { Metrics = ["m"] }, Targets(0.001));

    private static readonly KpiDefinition Queries = new(
        "db_query_time",
        "DB query time",
        KpiUnits.Seconds,
        new QuantileRule { Metrics = ["m"], Quantile = 0.95, Guard = new(0.99, 2.5), Counted = "queries" },
        Targets(0.02));

    private static readonly KpiDefinition Cost = new(
        "infra_cost_per_user", "Cost", KpiUnits.Dollars, new UnmeasuredRule("cost_per_user", Better.Lower), Targets(0.5));

    private static readonly KpiDefinition Cache = new(
        "cache_hit_ratio", "Cache hit ratio", KpiUnits.Ratio, new CacheHitRule { Reads = ["r"], Loads = ["l"] }, Targets(0.9));

    public static TheoryData<string, string> Lines => new()
    {
        { "nobody measures this yet", Say(new NobodyMeasures(), Cost) },
        { "needs at least 2,995 requests, has 120", Say(new TooFewEvents(2_995, 120), Errors) },
        { "needs at least 59 queries, has 12", Say(new TooFewEvents(59, 12), Queries) },
        { "12 ms over the 100k target", Say(new MissesTarget(0.012), Latency) },
        { "0.272 percentage points over the 100k target", Say(new MissesTarget(0.00271859), Errors) },
        { "$0.42 over the 100k target", Say(new MissesTarget(0.42), Cost) },
        { "more than 1 % of requests take longer than 150 ms", Say(new MissesTarget(-0.0001), Latency) },
        { "more than 1 % of queries take longer than 50 ms, 2.5 × the 100k target",
            Say(new MissesGuard(new(0.99, 2.5)), Queries) },
        { "perhaps more than 1 % of queries take longer than 50 ms, 2.5 × the 100k target",
            Say(new MayMissGuard(new(0.99, 2.5)), Queries) },
        { "12 ms over the 100k target, too close to call from 1,340 requests", Say(new TooCloseToCall(0.012, 1_340), Latency) },
        { "within the 100k target, too close to call from 340 requests", Say(new TooCloseToCall(-0.012, 340), Latency) },
        { "exactly at the 100k target, too close to call from 3,000 requests", Say(new TooCloseToCall(0, 3_000), Latency) },
        { "the histogram's buckets are too coarse to tell whether the 100k target is met", Say(new BucketsTooCoarse(), Latency) },
        { "meets the 100k target, only 12 ms to spare", Say(new LittleToSpare(0.0120004), Latency) },
        { "meets the 100k target, nothing to spare", Say(new LittleToSpare(0), Latency) },
        { "1.8 % of requests were aborted by their callers", Say(new CallersAbort(0.018), Latency) },
        { "meets the 100k target, 38 ms to spare", Say(new MeetsTarget(0.038), Latency) },
        { "meets the 100k target, 0.0042 percentage points to spare", Say(new MeetsTarget(0.000042), Errors) },
        { "exactly at the 100k target, must be below it", Say(new MissesTarget(0), Errors) },
        { "3.6 percentage points short of the 100k target", Say(new MissesTarget(0.036), Cache) },
        { "exactly at the 100k target, must be above it", Say(new MissesTarget(0), Cache) },
        { "1 percentage points short of the 100k target, too close to call from 340 reads", Say(new TooCloseToCall(0.01, 340), Cache) },
        { "within the 100k target, too close to call from 340 reads", Say(new TooCloseToCall(-0.01, 340), Cache) },
        { "needs at least 29 reads, has 3", Say(new TooFewEvents(29, 3), Cache) },
        { "unavailable: the cache was bypassed by all 1,234 reads", Say(new CacheBypassed(1_234), Cache) },
        { "the counters disagree: 1,050 loads for 1,000 reads", Say(new MoreLoadsThanReads(1_050, 1_000), Cache) },
        { "no load was counted: either every read hit, or nobody counts loads", Say(new NoLoadCounted(), Cache) },
    };

    [Theory]
    [MemberData(nameof(Lines))]
    public void Every_reason_is_one_line_a_person_would_say(string expected, string found) => Assert.Equal(expected, found);

    [Theory]
    [InlineData(0.00084, "0.84 ms")]
    [InlineData(0.2, "200 ms")]
    [InlineData(0.99951, "1 s")]
    [InlineData(1.2345, "1.23 s")]
    [InlineData(900, "15 min")]
    [InlineData(3_600, "60 min")]
    [InlineData(129_600, "36 h")]
    [InlineData(0, "0 ms")]
    public void A_duration_has_three_digits_and_the_unit_that_fits(double seconds, string words) =>
        Assert.Equal(words, QuantityWords.Duration(seconds));

    [Theory]
    [InlineData(2.5, "$2.50")]
    [InlineData(0.08, "$0.08")]
    [InlineData(0.0042, "$0.0042")]
    [InlineData(1_234.5, "$1,234.50")]
    public void Money_has_cents(double dollars, string words) => Assert.Equal(words, QuantityWords.Difference(dollars, KpiUnits.Dollars));

    [Theory]
    [InlineData(Verdict.Pass, "pass")]
    [InlineData(Verdict.Fail, "fail")]
    [InlineData(Verdict.AtRisk, "at_risk")]
    [InlineData(Verdict.InsufficientData, "insufficient_data")]
    [InlineData(Verdict.NotMeasured, "not_measured")]
    public void Verdicts_have_the_names_of_the_contract(Verdict verdict, string name) => Assert.Equal(name, verdict.WireName());

    private static string Say(VerdictReason reason, KpiDefinition kpi) => VerdictWords.For(reason, kpi, Tier);

    private static TierTargets Targets(double target) => new([KeyValuePair.Create("100k", target)]);
}
