namespace Kpi.Collector.Doors;

/// <summary>When refused senders should come again: one to two times the configured delay, each another, so that they do not return together.</summary>
/// <param name="least">The configured delay.</param>
/// <param name="share">Where in the range, 0 to 1; any thread calls it.</param>
internal sealed class RetryDelays(TimeSpan least, Func<double> share)
{
    public TimeSpan Next() => least * (1 + share());
}
