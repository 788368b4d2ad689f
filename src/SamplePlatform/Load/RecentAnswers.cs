namespace Kpi.SamplePlatform.Load;

/// <summary>The latest answers that later requests may refer to, at most 1,000. Thread-safe.</summary>
internal sealed class RecentAnswers<T>
    where T : class
{
    private const int Most = 1_000;

    private readonly Lock gate = new();
    private readonly List<T> kept = new(Most);
    private int next;

    /// <summary>Keeps one; the oldest makes room.</summary>
    public void Add(T answer)
    {
        lock (gate)
        {
            if (kept.Count < Most)
            {
                kept.Add(answer);
                return;
            }

            kept[next] = answer;
            next = (next + 1) % Most;
        }
    }

    /// <summary>One of them, by a random number; null while there is none.</summary>
    public T? Find(int choice)
    {
        lock (gate)
        {
            return kept.Count == 0 ? null : kept[choice % kept.Count];
        }
    }

    /// <summary>As <see cref="Find"/>, and it is no longer kept.</summary>
    public T? Take(int choice)
    {
        lock (gate)
        {
            var found = Find(choice);
            if (found is not null)
            {
                kept.RemoveAt(choice % kept.Count);
            }

            return found;
        }
    }
}
