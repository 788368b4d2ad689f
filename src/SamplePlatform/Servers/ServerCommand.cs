using System.ComponentModel;
using System.Diagnostics;

namespace Kpi.SamplePlatform.Servers;

/// <summary>A program that is run to its end, within a time.</summary>
internal static class ServerCommand
{
    /// <summary>Far above what any of our commands takes (initdb on a busy core: 10 s).</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    /// <summary>What it wrote to standard output.</summary>
    /// <param name="input">Given to its standard input; passwords go this way, as arguments can be read by everybody.</param>
    /// <exception cref="ServerException">It could not be started, failed, or took longer than <see cref="Timeout"/>.</exception>
    public static async Task<string> RunAsync(
        string program, IReadOnlyList<string> arguments, CancellationToken cancellation, string? input = null)
    {
        using var process = Start(program, arguments);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(Timeout);
        try
        {
            var written = process.StandardOutput.ReadToEndAsync(deadline.Token);
            var complaints = process.StandardError.ReadToEndAsync(deadline.Token);
            await GiveAsync(process, input, deadline.Token).ConfigureAwait(false);
            await process.WaitForExitAsync(deadline.Token).ConfigureAwait(false);
            var output = await written.ConfigureAwait(false);
            var errors = await complaints.ConfigureAwait(false);
            var said = LogTail.Of(errors.Length > 0 ? errors : output);
            return process.ExitCode == 0
                ? output
                : throw new ServerException($"{Named(program, arguments)} ended with {process.ExitCode}: {said}");
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellation.ThrowIfCancellationRequested();
            throw new ServerException($"{Named(program, arguments)} did not end within {Timeout.TotalSeconds:0} s");
        }
    }

    private static Process Start(string program, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,

            // Not ours: another account may not be allowed to enter it.
            WorkingDirectory = "/",
        };

        // We read what the servers say about a taken port; they say it in the language of the environment.
        start.Environment["LC_ALL"] = "C";
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception notFound)
        {
            throw new ServerException($"cannot run {program}: {notFound.Message}", notFound);
        }
    }

    private static async Task GiveAsync(Process process, string? input, CancellationToken cancellation)
    {
        try
        {
            await process.StandardInput.WriteAsync(input.AsMemory(), cancellation).ConfigureAwait(false);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended before it read; its exit code says why.
        }
    }

    // runuser -u postgres -- /usr/lib/postgresql/15/bin/initdb … is about initdb.
    private static string Named(string program, IReadOnlyList<string> arguments)
    {
        var own = arguments.SkipWhile(a => a != "--").Skip(1).FirstOrDefault();
        return Path.GetFileName(program == "runuser" && own is not null ? own : program);
    }
}
