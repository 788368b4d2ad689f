using System.Globalization;

namespace Kpi.EndToEnd;

/// <summary>Measured figures and pictures: said in the test's output and kept in the folder <c>output</c> beside the test assembly.</summary>
internal static class Figures
{
    private static readonly Lock Gate = new();

    public static string Folder { get; } = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "output")).FullName;

    public static void Write(ITestOutputHelper output, FormattableString figure)
    {
        var line = figure.ToString(CultureInfo.InvariantCulture);
        output.WriteLine(line);
        lock (Gate)
        {
            File.AppendAllText(Path.Combine(Folder, "figures.txt"), $"{DateTime.UtcNow:u} {line}\n");
        }
    }
}
