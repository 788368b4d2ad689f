using Kpi.Rollups.Identity;
using Kpi.SloEngine.Evaluation;
using Kpi.Tests.SloEngine.Definitions;

namespace Kpi.Tests.SloEngine.Evaluation;

public sealed class SeriesRolesTests
{
    private const int Latency = 0;
    private const int Errors = 2;
    private const int Queries = 3;

    [Fact]
    public void A_request_counts_for_its_service_and_for_the_kpis_that_select_it()
    {
        var role = Of(Request("gateway"));
        Assert.Equal("gateway", role.Service);
        Assert.Equal([Latency, Errors], role.Kpis);
        Assert.Equal("metrics", role.Source);
        Assert.Equal("spans", Of(Request("gateway", ("kpi.from", "spans"))).Source);
    }

    [Fact]
    public void A_counter_of_the_same_name_and_labels_is_no_request_and_counts_for_no_kpi()
    {
        var request = Request("gateway");
        var role = Of(Series.Of(SeriesKind.Counter, "{request}", request.Labels));
        Assert.Null(role.Service);
        Assert.Empty(role.Kpis);
        Assert.False(role.IsCounted);
        Assert.True(Of(request).IsCounted);
    }

    [Fact]
    public void An_inner_service_has_its_row_but_counts_for_no_kpi_of_users()
    {
        var definitions = Platform.Kpis.Replace("entryServices: []", "entryServices: [gateway]");
        Assert.Equal([Latency, Errors], Of(Request("gateway"), definitions).Kpis);
        var inner = Of(Request("stock"), definitions);
        Assert.Equal("stock", inner.Service);
        Assert.Empty(inner.Kpis);
        Assert.Equal([Queries], Of(Query("stock"), definitions).Kpis);
    }

    [Fact]
    public void A_request_without_a_service_is_an_unknown_service_and_never_an_entry()
    {
        var nameless = Distribution(("__name__", "http.server.request.duration"));
        Assert.Equal("unknown_service", Of(nameless).Service);
        Assert.Equal([Latency, Errors], Of(nameless).Kpis);
        Assert.Empty(Of(nameless, Platform.Kpis.Replace("entryServices: []", "entryServices: [gateway]")).Kpis);
    }

    [Fact]
    public void Excluded_routes_count_for_the_service_alone()
    {
        Assert.Empty(Of(Request("gateway", ("http.route", "/health"))).Kpis);
        Assert.Equal("gateway", Of(Request("gateway", ("http.route", "/health"))).Service);
        Assert.Equal([Latency, Errors], Of(Request("gateway", ("http.route", "/health/of/pets"))).Kpis);
    }

    [Fact]
    public void Routes_excluded_from_one_kpi_count_for_the_others() =>
        Assert.Equal([Errors], Of(Request("gateway", ("http.route", "/stream"))).Kpis);

    [Theory]
    [InlineData("test")]
    [InlineData("bot")]
    public void Synthetic_requests_count_for_no_kpi_unless_the_definitions_want_them(string type)
    {
        var synthetic = Request("gateway", ("user_agent.synthetic.type", type));
        Assert.Empty(Of(synthetic).Kpis);
        Assert.Equal([Latency, Errors], Of(synthetic, Platform.Kpis.Replace("excludeSynthetic: true", "excludeSynthetic: false")).Kpis);
    }

    [Fact]
    public void Prometheus_spelling_in_a_selector_selects_the_same_series()
    {
        var spelled = Platform.Kpis.Replace(
            """'{"db.client.operation.duration", "db.system.name"="postgresql"}'""",
            """'db_client_operation_duration_seconds{db_system_name="postgresql"}'""");
        Assert.NotEqual(Platform.Kpis, spelled);
        Assert.Equal([Queries], Of(Query("stock"), spelled).Kpis);
        var other = Distribution(("__name__", "db.client.operation.duration"), ("db.system.name", "redis"));
        Assert.Empty(Of(other, spelled).Kpis);
        Assert.False(Of(other, spelled).IsCounted);
    }

    [Fact]
    public void A_counter_counts_for_nothing()
    {
        var counter = Series.Of(
            SeriesKind.Counter, "s", Labels.Of(("__name__", "http.server.request.duration"), ("service.name", "gateway")));
        Assert.False(Of(counter).IsCounted);
    }

    [Fact]
    public void A_client_or_messaging_duration_counts_no_requests_of_a_service() =>
        Assert.Null(Of(Distribution(("__name__", "http.client.request.duration"), ("service.name", "gateway"))).Service);

    [Fact]
    public void Edges_are_the_targets_of_the_kpis_that_count_the_series_and_one_instance_for_equal_sets()
    {
        var roles = Roles(Platform.Kpis);
        var gateway = roles.EdgesOf(Request("gateway"));
        Assert.Equal([0.1, 0.15, 0.2], gateway.Edges.ToArray());
        Assert.Same(gateway, roles.EdgesOf(Request("stock")));
        Assert.Equal([0.01, 0.02, 0.025, 0.05, 0.125], roles.EdgesOf(Query("stock")).Edges.ToArray());
        Assert.Empty(roles.EdgesOf(Request("gateway", ("http.route", "/health"))).Edges.ToArray());
        Assert.Same(roles.EdgesOf(Request("gateway", ("http.route", "/health"))), roles.EdgesOf(Distribution(("__name__", "other"))));
    }

    [Fact]
    public void A_role_is_worked_out_once()
    {
        var roles = Roles(Platform.Kpis);
        Assert.Same(roles.Of(Request("gateway")), roles.Of(Request("gateway")));
    }

    internal static SeriesRoles Roles(string kpis)
    {
        using var folder = new AlertsFolder(kpis, Platform.Tiers);
        return new SeriesRoles(folder.Read().Definitions!);
    }

    internal static Series Request(string service, params (string Name, string Value)[] labels) =>
        Distribution([("__name__", "http.server.request.duration"), ("service.name", service), .. labels]);

    private static Series Query(string service) =>
        Distribution(("__name__", "db.client.operation.duration"), ("service.name", service), ("db.system.name", "postgresql"));

    private static Series Distribution(params (string Name, string Value)[] labels) =>
        Series.Of(SeriesKind.Distribution, "s", Labels.Of(labels));

    private static SeriesRole Of(Series series, string kpis = Platform.Kpis) => Roles(kpis).Of(series);
}
