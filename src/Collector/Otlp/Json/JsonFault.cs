namespace Kpi.Collector.Otlp.Json;

/// <summary>What is wrong with a JSON body, for the person who sent it.</summary>
/// <param name="At">The byte at which it was found.</param>
/// <param name="What">What is wrong there; null when nothing is known to be.</param>
internal readonly record struct JsonFault(long At, string? What)
{
    public override string ToString() => What is null ? "" : $"{What}, at byte {At}";
}
