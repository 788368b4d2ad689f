using System.Globalization;
using System.Runtime.InteropServices;

namespace Kpi.Bench;

/// <summary>Writes what a bench measured to <c>bench/results</c> and to the console.</summary>
internal static class Results
{
    public static void Write(string bench, string markdown)
    {
        var day = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var text = $"""
            # {bench}, {day}

            {Environment.ProcessorCount} cores, .NET {Environment.Version}, {RuntimeInformation.OSArchitecture}. Absolute figures move between machines; the ratios are what to compare.

            {markdown}

            """;
        Console.WriteLine(text);
        File.WriteAllText(Path.Combine(Root(), "bench", "results", $"{day}-{bench}.md"), text);
    }

    public static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Kpi.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("Kpi.sln is not above the bench's folder");
        }

        return folder.FullName;
    }
}
