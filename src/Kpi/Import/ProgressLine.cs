using System.Globalization;
using Kpi.Collector.Import;

namespace Kpi.Program.Import;

/// <summary>One line of a terminal that says how far an import is, ten times a second at most; gone when it is disposed.</summary>
internal sealed class ProgressLine(TextWriter terminal, TimeProvider clock) : IProgress<ImportProgress>, IDisposable
{
    private const int Width = 30;

    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(100);

    private long last;
    private int shown;

    public void Report(ImportProgress value)
    {
        if (last != 0 && clock.GetElapsedTime(last) < Every)
        {
            return;
        }

        last = clock.GetTimestamp();
        Show(Describe(value));
    }

    public void Dispose()
    {
        if (shown > 0)
        {
            Show("");
        }
    }

    private static string Describe(ImportProgress value)
    {
        var stage = value.Stage switch
        {
            ImportStage.Checking => "checking the files",
            ImportStage.Tidying => "putting the store in order",
            _ => "counting",
        };
        if (value.Total == 0)
        {
            return stage;
        }

        var share = Math.Min(1, (double)value.Done / value.Total);
        var full = (int)(share * Width);
        var bar = new string('#', full).PadRight(Width, '.');
        return string.Create(
            CultureInfo.InvariantCulture, $"[{bar}] {100 * share,3:F0} % {stage}, {value.Done / 1e6:N0} of {value.Total / 1e6:N0} MB");
    }

    private void Show(string text)
    {
        terminal.Write('\r' + text.PadRight(shown) + (text.Length == 0 ? "\r" : ""));
        terminal.Flush();
        shown = Math.Max(shown, text.Length);
    }
}
