namespace Kpi.SamplePlatform.Caching;

/// <summary>
/// One piece of work under way for a key, which any number of readers wait for. Its error is given to them and to nobody later.
/// </summary>
internal sealed class Flight<T>
    where T : class
{
    private readonly TaskCompletionSource<Landing<T>> landing = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<Landing<T>> Landed => landing.Task;

    public void Land(Landing<T> result) => landing.SetResult(result);
}

/// <summary>How a flight ended: for its leader as <see cref="Outcome"/>, for the others by <see cref="ForFollower"/>.</summary>
internal readonly record struct Landing<T>(CacheOutcome Outcome, T? Value, Exception? Failure = null)
    where T : class
{
    /// <summary>Who waited for a load made none; who waited for a hit or a bypass had one as well.</summary>
    public CacheOutcome ForFollower => Outcome is CacheOutcome.Load or CacheOutcome.LoadError ? CacheOutcome.Coalesced : Outcome;
}
