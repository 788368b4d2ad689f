namespace Kpi.SamplePlatform.Shop.Hosting;

/// <summary>How many rows a list may have.</summary>
internal static class ListLimit
{
    public const int Default = 20;
    public const int Most = 100;

    /// <summary>The answer to a limit that is none, or null.</summary>
    public static IResult? Problem(int limit) =>
        limit is >= 1 and <= Most ? null : Answers.Invalid("limit", $"limit is 1 to {Most}, and not {limit}");
}
