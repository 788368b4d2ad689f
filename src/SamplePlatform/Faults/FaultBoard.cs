using Kpi.SamplePlatform.Servers;

namespace Kpi.SamplePlatform.Faults;

/// <summary>All switches by name, and what pressing one answers.</summary>
internal sealed class FaultBoard : IDisposable
{
    private readonly FaultLedger ledger;
    private readonly TimeProvider time;
    private readonly Dictionary<string, FaultSwitch> switches;

    /// <summary>One switch at a time: some stop servers that others need.</summary>
    private readonly SemaphoreSlim turn = new(1);

    public FaultBoard(FaultLedger ledger, IEnumerable<FaultSwitch> switches, TimeProvider time)
    {
        this.ledger = ledger;
        this.time = time;
        this.switches = switches.ToDictionary(s => s.Name, StringComparer.Ordinal);
    }

    public IReadOnlyCollection<string> Names => switches.Keys;

    public async Task<FaultAnswer> SwitchOnAsync(string name, FaultRequest request, CancellationToken cancellation)
    {
        if (!switches.TryGetValue(name, out var fault))
        {
            return Unknown(name);
        }

        if (Problem(fault, request) is { } problem)
        {
            return new(FaultResult.Bad, problem);
        }

        await turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return fault.IsOn ? new(FaultResult.Conflict, $"{name} is on already") : await BeginAsync(fault, request).ConfigureAwait(false);
        }
        catch (ServerException failure)
        {
            return new(FaultResult.Failed, failure.Message);
        }
        finally
        {
            turn.Release();
        }
    }

    public async Task<FaultAnswer> SwitchOffAsync(string name, CancellationToken cancellation)
    {
        if (!switches.TryGetValue(name, out var fault))
        {
            return Unknown(name);
        }

        await turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return fault.IsOn
                ? new(FaultResult.Done, Entry: await EndAsync(fault).ConfigureAwait(false))
                : new(FaultResult.Conflict, $"{name} is not on");
        }
        catch (ServerException failure)
        {
            return new(FaultResult.Failed, failure.Message);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Undoes what is on, whatever happens with each.</summary>
    public async Task EndAllAsync()
    {
        foreach (var name in switches.Values.Where(s => s.IsOn).Select(s => s.Name))
        {
            await SwitchOffAsync(name, CancellationToken.None).ConfigureAwait(false);
        }
    }

    public void Dispose() => turn.Dispose();

    private static FaultAnswer Unknown(string name) => new(FaultResult.Unknown, $"there is no fault {name}");

    private static string? Problem(FaultSwitch fault, FaultRequest request) => request switch
    {
        { Size: not null } when fault.Size is null => $"{fault.Name} takes no size",
        { Size: { } size } when fault.Size!.Problem(size) is { } problem => problem,
        { Target: not null } when fault.Targets is null => $"{fault.Name} takes no target",
        { Target: { } target } when !fault.Targets!.Contains(target) => $"target is one of {string.Join(", ", fault.Targets!)}",
        _ => null,
    };

    // A half-done switch is worse than a caller who waits: neither is cancelled.
    private async Task<FaultAnswer> BeginAsync(FaultSwitch fault, FaultRequest request)
    {
        var entry = ledger.Begin(fault.Name, request.Target ?? fault.Targets?[0], request.Size ?? fault.Size?.Default);
        try
        {
            await fault.SwitchOnAsync(entry, CancellationToken.None).ConfigureAwait(false);
        }
        catch
        {
            entry.EndAt(time.GetUtcNow());
            throw;
        }

        return new(FaultResult.Done, Entry: fault.IsInstant ? await EndAsync(fault).ConfigureAwait(false) : entry.Status);
    }

    private async Task<FaultStatus?> EndAsync(FaultSwitch fault)
    {
        var entry = await fault.SwitchOffAsync(CancellationToken.None).ConfigureAwait(false);
        entry?.EndAt(time.GetUtcNow());
        return entry?.Status;
    }
}

/// <summary>What is asked of a switch.</summary>
internal sealed record FaultRequest(double? Size = null, string? Target = null);

/// <param name="Problem">Unless <see cref="FaultResult.Done"/>.</param>
internal sealed record FaultAnswer(FaultResult Result, string? Problem = null, FaultStatus? Entry = null);

internal enum FaultResult
{
    Done,
    Unknown,
    Bad,

    /// <summary>On already, or off already.</summary>
    Conflict,

    /// <summary>A server did not do what it was told.</summary>
    Failed,
}
