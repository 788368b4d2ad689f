using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Kpi.EndToEnd.Answers;
using Kpi.EndToEnd.Server;

namespace Kpi.EndToEnd.Demo;

/// <summary><c>./kpi demo</c>, as a newcomer starts it; everything it makes lies in a folder of the test.</summary>
internal sealed class RunningDemo : IDisposable
{
    // On a fresh machine the promise is three minutes; here all is installed and built.
    private static readonly TimeSpan StartTime = TimeSpan.FromMinutes(3);

    private static readonly TimeSpan CleaningTime = TimeSpan.FromSeconds(40);

    private readonly DirectoryInfo folder;
    private readonly HttpClient client = new();
    private readonly int launcher;

    private RunningDemo(DirectoryInfo folder, string program, string[] arguments)
    {
        this.folder = folder;
        Process = KpiProcess.Start(folder.FullName, arguments, [new("TMPDIR", folder.FullName)], program);
        launcher = Process.Id;
    }

    public KpiProcess Process { get; }

    public KpiApi Api => new(AddressOf("page"));

    /// <summary>Starts it in a folder that databases may enter.</summary>
    public static RunningDemo Start(params string[] arguments) => StartAs("bash", [BuiltProgram.Script, "demo", .. arguments]);

    /// <summary>
    /// Starts the launcher where something is mounted that no other process sees; needs root.
    /// </summary>
    /// <param name="mount">A folder that is an empty file system of its own; null for the demo's temporary folder.</param>
    /// <param name="size">What fits into it.</param>
    public static RunningDemo StartWithMount(string? mount, string size) => StartAs("unshare",
        ["--mount", "bash", "-c", """mount -t tmpfs -o "size=$1,mode=711" kpi-test "${2:-$TMPDIR}" && shift 2 && exec "$@" """, "bash",
            size, mount ?? "", BuiltProgram.SamplePlatform, "demo", "--kpi", BuiltProgram.Path, "--alerts", BuiltProgram.Alerts]);

    private static RunningDemo StartAs(string program, string[] arguments)
    {
        var made = Directory.CreateTempSubdirectory("kpi-e2e-demo-");
        if (!OperatingSystem.IsWindows())
        {
            made.UnixFileMode |= UnixFileMode.OtherExecute | UnixFileMode.GroupExecute;
        }

        return new RunningDemo(made, program, arguments);
    }

    /// <summary>The seconds it says it took.</summary>
    public async Task<int> ReadyAsync()
    {
        var said = await Eventually.GetAsync("the demo is ready", StartTime, () =>
            Process.HasExited ? throw new InvalidOperationException($"exit code {Process.ExitCode}:\n{Process.Output}")
            : Task.FromResult(Regex.Match(Process.Output, @"ready after (\d+) s[\s\S]*Ctrl-C") is { Success: true } found ? found : null));
        return int.Parse(said.Groups[1].Value, CultureInfo.InvariantCulture);
    }

    public async Task BeginAsync(string fault, object what)
    {
        using var answer = await client.PutAsJsonAsync(FaultsOf(fault), what);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    public async Task EndAsync(string fault)
    {
        using var answer = await client.DeleteAsync(FaultsOf(fault));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>The newest line of the ledger about a fault.</summary>
    public async Task<JsonNode> LedgerAsync(string fault) =>
        JsonNode.Parse(await client.GetStringAsync(FaultsOf(null)))!.AsArray().Last(f => (string?)f!["fault"] == fault)!;

    /// <summary>What has acted so often by now.</summary>
    public Task HasActedAsync(string fault, int times) => Eventually.HoldsAsync(
        $"{fault} has acted {times} times", TimeSpan.FromSeconds(30), async () => (int)(await LedgerAsync(fault))["affected"]! >= times);

    /// <summary>Nothing of the demo is left: no file, no process.</summary>
    public Task NothingIsLeftAsync(TimeSpan within) => Eventually.HoldsAsync(
        "nothing is left of the demo", within, () => Task.FromResult(Left().Count == 0));

    /// <summary>Files, and processes that were started with or work in the folder.</summary>
    public IReadOnlyList<string> Left() =>
    [
        // The build keeps its pipes in the same folder.
        .. folder.EnumerateFileSystemInfos("kpi-demo-*").Select(f => f.FullName),
        .. Directory.EnumerateDirectories("/proc").Where(p => int.TryParse(Path.GetFileName(p), out var id) && id != launcher && BelongsToDemo(p)),
    ];

    public void Dispose()
    {
        Process.Dispose();
        client.Dispose();

        // A demo that was killed in the middle of a failing test cleans up after itself, with a script that lies in the folder.
        for (var cleaning = Stopwatch.StartNew(); Left().Count > 0 && cleaning.Elapsed < CleaningTime; Thread.Sleep(100))
        {
        }

        folder.Delete(recursive: true);
    }

    private bool BelongsToDemo(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline")).Contains(folder.FullName + "/kpi-demo-", StringComparison.Ordinal)
                || (new FileInfo(Path.Combine(process, "cwd")).LinkTarget ?? "").StartsWith(folder.FullName + "/kpi-demo-", StringComparison.Ordinal);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private Uri FaultsOf(string? fault) => new(AddressOf("shop"), fault is null ? "faults" : $"faults/{fault}");

    private Uri AddressOf(string part) => new(Regex.Match(Process.Output, $@"^\s+{part}\s+(http://\S+)", RegexOptions.Multiline).Groups[1].Value);
}
