using Kpi.PromQl;
using Kpi.SloEngine;
using Kpi.SloEngine.Status;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Kpi.Dashboard.Api;

/// <summary>The addresses under <c>/api</c>. A bad parameter is answered with 400 and problem+json that says what would be right.</summary>
internal static class StatusApi
{
    private const string DefaultWindow = "5m";

    public static void MapStatusApi(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api");
        api.MapGet("/scorecard", ScorecardAsync)
            .WithSummary("The KPIs of a window against the targets of each tier")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        api.MapGet("/services", ServicesAsync)
            .WithSummary("Server-side HTTP and RPC requests of a window, by service")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        api.MapGet("/series", SeriesAsync)
            .WithSummary("Series that a PromQL instant-vector selector selects, each added up over a window")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        api.MapGet("/ingest", Ingest)
            .WithSummary("Who sends what since the start, worst first: rates, what was not taken by reason, clock skew; and which metrics take the room for series")
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<Results<Ok<Scorecard>, ProblemHttpResult>> ScorecardAsync(
        EngineSlot slot, CancellationToken cancellation, string window = DefaultWindow, string? tz = null) =>
        Unfit(slot, window, tz, out var engine, out var parsed) is { } problem
            ? problem
            : TypedResults.Ok(Scorecard.Of(await engine.EvaluateAsync(parsed, cancellation).ConfigureAwait(false)));

    private static async Task<Results<Ok<IReadOnlyList<ServiceStatus>>, ProblemHttpResult>> ServicesAsync(
        EngineSlot slot, CancellationToken cancellation, string window = DefaultWindow, string? tz = null) =>
        Unfit(slot, window, tz, out var engine, out var parsed) is { } problem
            ? problem
            : TypedResults.Ok((await engine.EvaluateAsync(parsed, cancellation).ConfigureAwait(false)).Services);

    private static async Task<Results<Ok<IReadOnlyList<SeriesStatus>>, ProblemHttpResult>> SeriesAsync(
        EngineSlot slot, CancellationToken cancellation, string? match = null, string window = DefaultWindow, string? tz = null)
    {
        if (Unfit(slot, window, tz, out var engine, out var parsed) is { } problem)
        {
            return problem;
        }

        if (match is null)
        {
            return BadParameter("match is missing: a PromQL instant-vector selector, such as {\"http.server.request.duration\"}");
        }

        if (!SelectorParser.TryParse(match, out var selector, out var error))
        {
            return BadParameter($"match, {error}");
        }

        var series = await engine.ReadSeriesAsync(selector, parsed, cancellation).ConfigureAwait(false);
        return series is null
            ? BadParameter($"match selects more than {StatusEngine.MostSeries} series; add matchers")
            : TypedResults.Ok(series);
    }

    private static Results<Ok<IngestReport>, ProblemHttpResult> Ingest(EngineSlot slot) =>
        slot.Engine is { } engine ? TypedResults.Ok(engine.ReadIngest()) : Starting();

    // What is wrong before anything is asked of the engine; null when all is well.
    private static ProblemHttpResult? Unfit(EngineSlot slot, string window, string? tz, out StatusEngine engine, out StatusWindow parsed)
    {
        engine = slot.Engine!;
        parsed = StatusWindow.Parse(window, tz, out var problem)!;
        return engine is null ? Starting()
            : parsed is null ? BadParameter(problem)
            : null;
    }

    private static ProblemHttpResult Starting() =>
        TypedResults.Problem("starting or stopping", statusCode: StatusCodes.Status503ServiceUnavailable);

    private static ProblemHttpResult BadParameter(string? detail) =>
        TypedResults.Problem(detail, statusCode: StatusCodes.Status400BadRequest, title: "Bad parameter");
}
