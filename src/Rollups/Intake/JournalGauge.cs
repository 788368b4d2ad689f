namespace Kpi.Rollups.Intake;

/// <summary>How full the journal in front of the rollups is; whoever keeps it says how to read it.</summary>
public sealed class JournalGauge
{
    private volatile Func<JournalReading>? read;

    /// <summary>From now on the journal is read so; null when there is none any more.</summary>
    public void Follow(Func<JournalReading>? journal) => read = journal;

    /// <summary>How it is now; null when there is none.</summary>
    public JournalReading? Read() => read?.Invoke();
}

/// <summary>A journal at an instant.</summary>
/// <param name="HeldBytes">What it holds until a flush lets go of it.</param>
/// <param name="LimitBytes">What it may hold; beyond, senders are asked to try again.</param>
/// <param name="Failures">Writes and syncs that failed since the start.</param>
public sealed record JournalReading(long HeldBytes, long LimitBytes, long Failures);
