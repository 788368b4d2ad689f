namespace Kpi.Bench;

/// <summary>The embedded store: what flushes, upkeep and reads cost, and what cells take.</summary>
internal static class StoreBench
{
    public static async Task<int> RunAsync()
    {
        string[] rows =
        [
            .. await StoreWriteBench.RunAsync(), .. await StoreWriteBench.SketchBytesAsync(), await StoreWriteBench.LateAsync(), .. await StoreReadBench.HoursAsync(), .. await StoreReadBench.DaysAsync(),
        ];
        Results.Write("store", $"""
            100,000 cumulative counters of 200 sources (increases of 0 to 11, running totals up to 4 million) and 5,000 distributions of 60
            buckets, flushed every 10 s for an hour, fsync on; reads from a warm cache, medians of 21. CPU is that of the whole process,
            the garbage collector included. Counts drawn anew (1 to 20 each) have 4.3 bits of chance: 32 bytes a cell that nothing can
            compress, so the goal of 8 holds for distributions that keep their shape.

            | what | measured | goal |
            |---|---|---|
            {string.Join('\n', rows)}
            """);
        return 0;
    }

    /// <summary>One part alone, to the console: to try what a change does.</summary>
    public static async Task<int> RunAsync(string part)
    {
        Console.WriteLine(string.Join('\n', part switch
        {
            "write" => await StoreWriteBench.RunAsync(),
            "bytes" => await StoreWriteBench.SketchBytesAsync(),
            "late" => [await StoreWriteBench.LateAsync()],
            "hours" => await StoreReadBench.HoursAsync(),
            _ => await StoreReadBench.DaysAsync(),
        }));
        return 0;
    }
}
