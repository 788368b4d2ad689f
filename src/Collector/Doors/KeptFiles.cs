using Microsoft.Extensions.Logging;

namespace Kpi.Collector.Doors;

/// <summary>
/// What was read from some small files, and is read again when their bytes change; until they are good again the last good stays.
/// Looks once a second and compares bytes, so that mounts without notifications and replaced links are seen.
/// </summary>
internal sealed class KeptFiles<T> : IDisposable
    where T : class
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private readonly string option;
    private readonly IReadOnlyList<string> paths;
    private readonly Func<IReadOnlyList<byte[]>, T> read;
    private readonly ILogger log;
    private readonly ITimer timer;
    private readonly Lock looking = new();
    private IReadOnlyList<byte[]> seen;
    private string? trouble;
    private volatile T current;

    /// <param name="option">What names the files, for the log.</param>
    /// <param name="read">Makes of the files' bytes what is kept; throws <see cref="InvalidDataException"/> when they are not good.</param>
    /// <exception cref="InvalidDataException">They are not good now.</exception>
    /// <exception cref="IOException">They cannot be read now.</exception>
    public KeptFiles(string option, IReadOnlyList<string> paths, Func<IReadOnlyList<byte[]>, T> read, TimeProvider clock, ILogger log)
    {
        this.option = option;
        this.paths = paths;
        this.read = read;
        this.log = log;
        seen = SmallFile.ReadAll(paths);
        current = read(seen);
        timer = clock.CreateTimer(_ => Look(), null, Every, Every);
    }

    /// <summary>The last good.</summary>
    public T Current => current;

    public void Dispose() => timer.Dispose();

    private void Look()
    {
        // A look that takes long is not joined by a second one.
        if (!looking.TryEnter())
        {
            return;
        }

        try
        {
            Look_NeedsLock();
        }
        finally
        {
            looking.Exit();
        }
    }

    private void Look_NeedsLock()
    {
        try
        {
            var now = SmallFile.ReadAll(paths);
            if (now.Zip(seen, (a, b) => a.AsSpan().SequenceEqual(b)).All(same => same))
            {
                trouble = null;
                return;
            }

            seen = now;
            current = read(now);
            trouble = null;
            Log.Reloaded(log, option);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            if (failure.Message != trouble)
            {
                trouble = failure.Message;
                Log.NotReloaded(log, option, trouble);
            }
        }
    }
}
