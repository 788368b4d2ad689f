using System.Globalization;
using Kpi.SamplePlatform.Load;

namespace Kpi.SamplePlatform.Demo;

/// <summary>A copy of the definitions, set to the demo: the tier of its preset, and the shop as the service that users talk to.</summary>
internal static class DemoDefinitions
{
    /// <exception cref="DemoException">The folder is not one of definitions.</exception>
    public static void Copy(string from, string to, LoadPreset preset)
    {
        if (!Directory.Exists(from))
        {
            throw new DemoException($"--alerts: there is no folder {from}");
        }

        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }

        var users = preset.Users.ToString(CultureInfo.InvariantCulture);
        Edit(Path.Combine(to, "tiers.yaml"), ("current", preset.Name), ("users", users));
        Edit(Path.Combine(to, "kpis.yaml"), ("entryServices", "[shop]"));
    }

    /// <summary>Gives keys of the outermost mapping another value, whatever they had, and leaves every other line as it is.</summary>
    public static IReadOnlyList<string> Set(IEnumerable<string> lines, string key, string value)
    {
        var edited = new List<string>();
        var found = 0;
        var inside = false;
        foreach (var line in lines)
        {
            if (line.StartsWith(key + ":", StringComparison.Ordinal))
            {
                edited.Add($"{key}: {value}");
                found++;
                inside = true;
                continue;
            }

            // A value may go on below its key: indented, or as list items.
            inside &= line.StartsWith(' ') || line.StartsWith("- ", StringComparison.Ordinal);
            if (!inside)
            {
                edited.Add(line);
            }
        }

        return found == 1 ? edited : throw new DemoException($"there are {found} lines '{key}:', and one was expected");
    }

    private static void Edit(string file, params IEnumerable<(string Key, string Value)> values)
    {
        try
        {
            IReadOnlyList<string> lines = File.ReadAllLines(file);
            foreach (var (key, value) in values)
            {
                lines = Set(lines, key, value);
            }

            File.WriteAllLines(file, lines);
        }
        catch (Exception failure) when (failure is DemoException or FileNotFoundException)
        {
            throw new DemoException($"--alerts: {Path.GetFileName(file)}: {failure.Message}", failure);
        }
    }
}
