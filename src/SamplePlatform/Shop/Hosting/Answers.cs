namespace Kpi.SamplePlatform.Shop.Hosting;

/// <summary>Answers that are no success, all as problem+json.</summary>
internal static class Answers
{
    /// <summary>Also for what belongs to somebody else: who may not see it must not learn that it is there.</summary>
    public static IResult NotFound() => Results.Problem(statusCode: StatusCodes.Status404NotFound);

    public static IResult Invalid(string field, string problem) =>
        Results.ValidationProblem(new Dictionary<string, string[]> { [field] = [problem] });

    public static IResult Conflict(string problem) => Results.Problem(statusCode: StatusCodes.Status409Conflict, detail: problem);
}
