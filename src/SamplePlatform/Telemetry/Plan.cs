namespace Kpi.SamplePlatform.Telemetry;

/// <summary>What a tenant may subscribe to.</summary>
/// <param name="MonthlyAmount">In units of <see cref="Currency"/>.</param>
internal sealed record Plan(string Name, decimal MonthlyAmount)
{
    /// <summary>Customers pay in pounds.</summary>
    public const string Currency = "GBP";

    public static IReadOnlyList<Plan> All { get; } = [new("free", 0), new("team", 49), new("business", 199)];

    public static Plan? Find(string? name) => All.FirstOrDefault(p => p.Name == name);
}
