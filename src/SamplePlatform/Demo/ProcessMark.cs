using System.Globalization;

namespace Kpi.SamplePlatform.Demo;

/// <summary>A process for good: its pid, and when it started, in clock ticks since boot. A pid alone is used again by others.</summary>
internal readonly record struct ProcessMark(int Id, long Started)
{
    // In /proc/PID/stat, counted from the state behind the name: field 22 of proc(5).
    private const int StartField = 19;

    public static ProcessMark OfThisProcess() =>
        Of(Environment.ProcessId) ?? throw new InvalidOperationException("this process is not in /proc");

    /// <summary>Null when there is none.</summary>
    public static ProcessMark? Of(int id)
    {
        try
        {
            // The name, in parentheses, may hold anything.
            var stat = File.ReadAllText($"/proc/{id}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return new ProcessMark(id, long.Parse(fields[StartField], CultureInfo.InvariantCulture));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Id} {Started}\n");
}
