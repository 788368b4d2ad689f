namespace Kpi.SamplePlatform.Faults;

/// <summary>
/// A fault that can be switched on and off. The entry is there before the fault acts, so that nothing it does goes uncounted.
/// </summary>
internal abstract class FaultSwitch(string name)
{
    private FaultEntry? current;

    public string Name => name;

    /// <summary>null: it takes no size.</summary>
    public virtual FaultSize? Size => null;

    /// <summary>What it can be aimed at, the first when nothing is said; null: it takes no target.</summary>
    public virtual IReadOnlyList<string>? Targets => null;

    /// <summary>It is over as soon as it has been done.</summary>
    public virtual bool IsInstant => false;

    /// <summary>null while it is off.</summary>
    protected FaultEntry? Current => Volatile.Read(ref current);

    public bool IsOn => Current is not null;

    /// <exception cref="Servers.ServerException">It could not be done; the fault is off.</exception>
    public async Task SwitchOnAsync(FaultEntry entry, CancellationToken cancellation)
    {
        Volatile.Write(ref current, entry);
        try
        {
            await BeginAsync(entry, cancellation).ConfigureAwait(false);
        }
        catch
        {
            Volatile.Write(ref current, null);
            throw;
        }
    }

    /// <summary>The entry that ended. It stays on when it could not be undone.</summary>
    public async Task<FaultEntry?> SwitchOffAsync(CancellationToken cancellation)
    {
        await EndAsync(cancellation).ConfigureAwait(false);
        return Interlocked.Exchange(ref current, null);
    }

    protected virtual Task BeginAsync(FaultEntry entry, CancellationToken cancellation) => Task.CompletedTask;

    protected virtual Task EndAsync(CancellationToken cancellation) => Task.CompletedTask;
}

/// <summary>What sizes a fault takes.</summary>
/// <param name="Default">When nothing is said.</param>
/// <param name="Unit">For messages: seconds, share of requests, queries.</param>
internal sealed record FaultSize(double Default, double Least, double Most, string Unit, bool IsWhole = false)
{
    /// <summary>What is wrong with a size, or null.</summary>
    public string? Problem(double size) => size >= Least && size <= Most && (!IsWhole || double.IsInteger(size))
        ? null
        : $"size is {Unit}: {(IsWhole ? "a whole number, " : "")}{Least} to {Most}";
}
